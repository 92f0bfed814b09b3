;;; driver-lsp-mode.el --- what the scenarios ask of lsp-mode -*- lexical-binding: t; -*-

;;; Code:

(setq lsp-auto-guess-root t lsp-session-file (expand-file-name "lsp-session" (getenv "XDG_STATE_HOME"))
      lsp-server-install-dir (getenv "XDG_DATA_HOME") lsp-warn-no-matched-clients nil lsp-restart 'ignore
      lsp-diagnostics-provider :flymake lsp-headerline-breadcrumb-enable nil lsp-enable-file-watchers nil
      lsp-modeline-code-actions-enable nil lsp-signature-auto-activate nil)
;; `emacs -Q' reads no package's autoloads, and lsp-mode relies on its own.
(require 'yasnippet nil t)
(dolist (feature '(lsp-mode lsp-completion lsp-diagnostics lsp-lens lsp-modeline lsp-headerline lsp-inline-completion))
  (require feature))
(require 'codriver-lsp-mode)

(advice-add 'ask-user-about-supersession-threat :override #'ignore)

(defun driver-setup (command checker)
  "Start the server by COMMAND, and CHECKER if there is one; no other server shall be looked for or offered."
  (setq codriver-lsp-command command lsp-enabled-clients '(codriver-ls checker))
  (when checker
    (lsp-register-client
     (make-lsp-client :server-id 'checker
                      :new-connection (lsp-stdio-connection checker)
                      :activation-fn (lambda (&rest _) t))))
  t)

(defun driver-open (file)
  "Visit FILE and connect, as M-x lsp does."
  (switch-to-buffer (find-file-noselect file))
  (unless (lsp-workspaces) (lsp))
  (driver-spin 20 (lambda ()
                    (and (lsp-workspaces)
                         (cl-every (lambda (each) (eq (lsp--workspace-status each) 'initialized)) (lsp-workspaces)))))
  (lsp-completion-mode 1)
  t)

(defun driver-hover ()
  "Text about the thing at point, or nil."
  (let ((hover (lsp-request "textDocument/hover" (lsp--text-document-position-params))))
    (and hover (format "%s" (lsp--render-on-hover-content (lsp-get hover :contents) t)))))

(defun driver-diagnostics ()
  "The diagnostics of the project, one per line."
  (let (messages)
    (maphash (lambda (_file diagnostics)
               (dolist (each diagnostics) (push (lsp-get each :message) messages)))
             (lsp-diagnostics))
    (string-join messages "\n")))

(defun driver-actions ()
  "Titles of the code actions at point."
  (mapcar (lambda (action) (lsp-get action :title)) (lsp-code-actions-at-point)))

(defun driver-act (title)
  "Choose the code action called TITLE."
  (lsp-execute-code-action
   (cl-find title (lsp-code-actions-at-point) :key (lambda (each) (lsp-get each :title)) :test #'string=))
  t)

(defun driver-ghost (wanted)
  "Show ghost text and accept it when it matches WANTED."
  (lsp-inline-completion-display)
  (let ((shown (cl-some (lambda (overlay)
                          (or (overlay-get overlay 'after-string) (overlay-get overlay 'display)))
                        (overlays-in (point-min) (1+ (point-max))))))
    (when (and shown (string-match-p wanted shown))
      (lsp-inline-completion-accept)
      t)))

(defun driver-front ()
  "The file of the buffer that is shown; what waits for that is started, as Emacs does when it is idle."
  (when (bound-and-true-p lsp--buffer-deferred) (lsp--init-if-visible))
  (or (buffer-file-name) ""))

(defun driver-command (name)
  "Run the server's command NAME."
  (codriver-lsp-run name))

;;; driver-lsp-mode.el ends here
