// The only script of the pages. Each page works without it: it makes menus fold on phones, stops double presses of a button,
// and moves the focus to a list of errors.
import { createAll, Button, ErrorSummary, NotificationBanner, ServiceNavigation, SkipLink } from "./govuk-frontend.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of [Button, ErrorSummary, NotificationBanner, ServiceNavigation, SkipLink]) {
  createAll(component);
}
