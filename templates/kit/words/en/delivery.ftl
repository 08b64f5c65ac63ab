delivery-flash-saved = The delivery method was saved.
delivery-flash-ended = The delivery method is not offered any longer.
delivery-flash-zone = The zone was added. Add a method, so that something is sent there.
