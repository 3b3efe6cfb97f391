// The wall view is looked at, not touched: every five minutes it asks for what is current.
"use strict";
setTimeout(() => location.reload(), 5 * 60 * 1000);
