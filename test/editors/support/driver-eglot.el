;;; driver-eglot.el --- what the scenarios ask of eglot -*- lexical-binding: t; -*-

;;; Code:

(require 'eglot)
(require 'codriver-eglot)

(setq eglot-sync-connect 20 eglot-autoshutdown nil)

(defun driver-setup (command checker)
  "Start the server by COMMAND, set up as the client's README says; beside CHECKER if there is one."
  (setq codriver-eglot-command command)
  (codriver-eglot-setup)
  (when checker
    (codriver-eglot-beside '((typescript-mode :language-id "typescript") (python-mode :language-id "python")) checker))
  t)

(defun driver-open (file)
  "Visit FILE and connect, as M-x eglot does."
  (switch-to-buffer (find-file-noselect file))
  (unless (or (eglot-managed-p) (eglot-current-server))
    (apply #'eglot--connect (eglot--guess-contact)))
  (driver-spin 20 (lambda ()
                    (unless (eglot-managed-p) (eglot--maybe-activate-editing-mode))
                    (eglot-managed-p)))
  (unless (eglot-managed-p) (error "Eglot did not connect: %s" (buffer-name)))
  (flymake-mode 1)
  t)

(defun driver-flush ()
  "Tell the server about changes now; eglot waits for an idle moment, which batch mode does not have."
  (eglot--signal-textDocument/didChange))

(defun driver-hover ()
  "Text about the thing at point, or nil."
  (driver-flush)
  (let (text done)
    (eglot-hover-eldoc-function (lambda (shown &rest _) (setq text shown done t)))
    (driver-spin 3 (lambda () done))
    text))

(defun driver-diagnostics ()
  "The diagnostics of the buffer, one per line."
  (driver-flush)
  (mapconcat #'flymake-diagnostic-text (flymake-diagnostics) "\n"))

(defun driver-actions ()
  "Titles of the code actions at point."
  (driver-flush)
  (mapcar (lambda (action) (plist-get action :title)) (apply #'eglot-code-actions (eglot--code-action-bounds))))

(defun driver-act (title)
  "Choose the code action called TITLE."
  (driver-flush)
  (setq driver-want (concat "\\`" (regexp-quote title) "\\'"))
  (unwind-protect (call-interactively #'eglot-code-actions)
    (setq driver-want nil))
  t)

(defun driver-ghost (_wanted)
  "Eglot has no ghost text."
  nil)

;; An Emacs that nobody types in tells the server of changes after half a second.
(advice-add 'driver-buffer :before (lambda () (when (eglot-managed-p) (driver-flush))))

(defun driver-front ()
  "The file of the buffer that is shown."
  (or (buffer-file-name) ""))

(defun driver-command (name)
  "Run the server's command NAME."
  (driver-flush)
  (codriver-eglot-run name))

;;; driver-eglot.el ends here
