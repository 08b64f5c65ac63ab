mail-frame-sent-by = This e-mail was sent by { $name }.
mail-frame-vat-id = VAT number { $number }
mail-frame-questions = Questions? Write to { $what }.
