setup-flash-open = The shop is open. What it still needs stands below.
setup-flash-open-already = The shop was open already.
