newsletter-form-title = Newsletter
newsletter-form-email = E-mail address
newsletter-form-button = Subscribe
newsletter-form-promise = News of our products and offers by e-mail, at most twice a month. You first confirm your address in an e-mail we send you, and every e-mail has a link to unsubscribe.
newsletter-form-privacy = How we handle your data
newsletter-form-problem = Please look at the following.
newsletter-form-odd = Please enter an e-mail address such as name@example.com.
newsletter-flash-asked = Thank you. Unless this address is subscribed already, an e-mail is on its way to it: please confirm there.
newsletter-flash-confirmed = You are subscribed. The next issue comes to your mailbox.

newsletter-confirm-title = Subscribe to the newsletter
newsletter-confirm-lead = E-mails will go to { $what }. Please confirm only if this is your address.
newsletter-confirm-leave = Every e-mail has a link to unsubscribe.
newsletter-confirm-button = Subscribe

newsletter-leave-title = Unsubscribe
newsletter-leave-lead = { $what } gets no further e-mails of the newsletter. E-mails about your orders still come.
newsletter-leave-button = Unsubscribe
newsletter-leave-done = You are unsubscribed
newsletter-leave-gone = { $what } gets no further e-mails of the newsletter.
newsletter-leave-again = Subscribe again

newsletter-stale-title = This link no longer works
newsletter-stale-text = It was used already, it is too old, or it is incomplete.
newsletter-stale-again = To the newsletter

newsletter-mail-confirm-subject = Please confirm: newsletter of { $what }
newsletter-mail-confirm-text = Somebody, we hope you, asked for the newsletter of { $what } to be sent to this address. Please confirm that you want it.
newsletter-mail-confirm-button = Yes, subscribe me
newsletter-mail-confirm-link = Or open this address:
newsletter-mail-confirm-close = The link works for { $count } days. If you did not ask for this, do nothing: you get no further e-mail.
newsletter-mail-issue-why = You get this e-mail because you subscribed to the newsletter of { $name }.
newsletter-mail-issue-leave = Unsubscribe

newsletter-desk-saved = The issue was saved.
newsletter-desk-deleted = The draft was deleted.
newsletter-desk-tested = A test e-mail is on its way to you.
newsletter-desk-test-suppressed = Your own address is suppressed, so no test e-mail was sent.
newsletter-desk-sending = The issue is going out.
newsletter-desk-gone-out = This issue has gone out already; it can no longer be changed or sent.
newsletter-desk-unsubscribed = The address is unsubscribed.
newsletter-desk-suppressed = The address is suppressed.
newsletter-desk-lifted = The address may subscribe again.
