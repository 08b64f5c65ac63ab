machinery-flash-retried = The job is tried again now.
machinery-flash-deleted = The job was deleted.
machinery-flash-looked = Noted: you have looked at these reports.
