content-desk-saved = The page was saved.
content-desk-deleted = The page was deleted.
