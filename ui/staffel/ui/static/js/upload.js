// A form with a file is sent with its progress shown. Without this script it is sent as any other form.

/** What the server answered: a page to go to, or the part of the page that says what is wrong. */
function take(form, request) {
  const target = request.getResponseHeader("x-go");
  if (target) {
    location.assign(target);
    return;
  }
  const answer = new DOMParser().parseFromString(request.responseText, "text/html");
  const part = answer.querySelector(form.dataset.upload) ?? answer.querySelector("main");
  document.querySelector(part.id ? `#${part.id}` : "main").replaceWith(part);
  enable();
  part.querySelector("[aria-invalid]")?.focus();
}

function send(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const bar = form.querySelector("progress");
  const button = form.querySelector("button[type=submit]");
  const request = new XMLHttpRequest();
  const status = form.querySelector("[role=status]");
  request.upload.addEventListener("progress", (sent) => {
    if (sent.lengthComputable) bar.value = (100 * sent.loaded) / sent.total;
  });
  request.addEventListener("load", () => take(form, request));
  request.addEventListener("error", () => {
    bar.hidden = true;
    button.disabled = false;
    status.textContent = status.dataset.failed;
  });
  request.open("POST", form.action);
  request.setRequestHeader("X-Upload", "yes");
  request.setRequestHeader("Accept", "text/html");
  bar.hidden = false;
  bar.value = 0;
  button.disabled = true;
  status.textContent = "";
  request.send(new FormData(form));
}

function enable() {
  for (const form of document.querySelectorAll("form[data-upload]:not([data-enabled])")) {
    form.dataset.enabled = "yes";
    form.addEventListener("submit", send);
  }
}

enable();
