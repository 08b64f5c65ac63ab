// What makes the desk quicker: one module for each thing it does. Nothing breaks without it.
import changes from "/static/js/admin/changes.js";
import keys from "/static/js/admin/keys.js";
import marks from "/static/js/admin/marks.js";
import palette, { openPalette } from "/static/js/admin/palette.js";
import place from "/static/js/admin/place.js";
import print from "/static/js/admin/print.js";
import { mark, step } from "/static/js/admin/rows.js";
import steppers from "/static/js/admin/stepper.js";
import { focusFaults } from "/static/js/lib/once.js";

focusFaults();
changes();
place();
palette();
keys({ openPalette, step, mark });
marks();
print();
steppers();
