delivery-flash-saved = The delivery method was saved.
