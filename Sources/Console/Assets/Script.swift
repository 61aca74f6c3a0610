/// The one module. Everything works without it; it keeps a form from being sent twice and copies what is to be typed elsewhere.
enum Script {
    static let text = """
        // What is answered with a file leaves the page as it is, and may be asked for again.
        for (const form of document.querySelectorAll("form:not([data-answers=file])")) {
          form.addEventListener("submit", (event) => {
            if (form.dataset.sent) { event.preventDefault(); return; }
            form.dataset.sent = "yes";
            for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
          });
        }
        // A page that the browser kept and shows again is as it was: its forms may be sent.
        addEventListener("pageshow", () => {
          for (const form of document.querySelectorAll("form")) {
            delete form.dataset.sent;
            for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
          }
        });
        for (const button of document.querySelectorAll("[data-copies]")) {
          const source = document.getElementById(button.dataset.copies);
          if (!source || !navigator.clipboard) continue;
          button.hidden = false;
          button.addEventListener("click", async () => {
            await navigator.clipboard.writeText(source.textContent.trim());
            button.textContent = source.dataset.copy;
          });
        }
        const alert = document.querySelector("[role=alert]");
        if (alert) { alert.tabIndex = -1; alert.focus(); }
        """
}
