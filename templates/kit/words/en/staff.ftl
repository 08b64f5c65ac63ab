staff-flash-invited = The invitation is on its way.
staff-flash-saved = The account was saved. What it may do follows at once.
staff-flash-password = Your password was changed. Your other sessions have ended.
staff-flash-session = The session has ended.
