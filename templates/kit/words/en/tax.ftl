tax-flash-saved = The rate was entered.
