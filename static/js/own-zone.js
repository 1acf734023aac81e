// Offers the zone of this device where times are shown in another. Without this script it is chosen from the list.

const select = document.querySelector("[data-device-zone]");
const button = document.querySelector("[data-use-device-zone]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (select && button && zone && select.value !== zone && [...select.options].some((option) => option.value === zone)) {
  button.hidden = false;
  button.addEventListener("click", () => {
    select.value = zone;
    select.form.requestSubmit();
  });
}
