mail-frame-sent-by = This letter was sent by { $name }.
mail-frame-vat-id = VAT number { $number }
mail-frame-questions = Questions? Write to { $what }.
