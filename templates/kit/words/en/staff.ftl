staff-flash-invited = The invitation is on its way.
staff-flash-saved = The account was saved. What it may do follows at once.
staff-flash-password = Your password was changed. Your other sessions have ended.
staff-flash-session = The session has ended.
staff-flash-factor-removed = Your second factor was removed. Signing in takes your password alone.
staff-flash-factor-reset = The second factor is gone and all sessions of this account have ended. An e-mail tells its owner.
