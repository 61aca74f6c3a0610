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
        // A ready sentence is put where it can be changed. What somebody wrote stays: only nothing, and another ready sentence, gives way.
        for (const list of document.querySelectorAll("select[data-fills]")) {
          const field = document.getElementById(list.dataset.fills);
          if (!field) continue;
          const sentences = [...list.options].filter((option) => option.value).map((option) => option.textContent.trim());
          const fill = () => {
            const text = field.value.trim();
            if (list.value && (!text || sentences.includes(text))) field.value = list.selectedOptions[0].textContent.trim();
          };
          if (!field.value) fill();
          list.addEventListener("change", fill);
        }
        for (const button of document.querySelectorAll("[data-selects]")) {
          const boxes = [...document.getElementsByName(button.dataset.selects)];
          button.hidden = false;
          button.addEventListener("click", () => {
            const all = boxes.every((box) => box.checked);
            for (const box of boxes) box.checked = !all;
          });
        }
        const alert = document.querySelector("[role=alert]");
        if (alert) { alert.tabIndex = -1; alert.focus(); }
        """
}
