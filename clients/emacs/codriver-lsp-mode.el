;;; codriver-lsp-mode.el --- Codriver beside every other server in lsp-mode -*- lexical-binding: t; -*-

;; Package-Requires: ((emacs "28.1") (lsp-mode "9.0"))
;; SPDX-License-Identifier: MIT

;;; Commentary:

;; Registers Codriver as an add-on client: it runs in every buffer where `lsp' is on, next to the language's own
;; server.  Ghost text needs lsp-mode 10 (`lsp-inline-completion-mode').

;;; Code:

(require 'lsp-mode)
(require 'lsp-inline-completion nil t)

(defgroup codriver-lsp nil
  "AI completions, explanations and fixes by the Codriver language server."
  :group 'lsp-mode)

(defcustom codriver-lsp-enable t
  "Whether Codriver is started together with the other servers of a buffer."
  :type 'boolean)

(defcustom codriver-lsp-command '("codriver-language-server" "--stdio")
  "How the server is started."
  :type '(repeat string))

(defcustom codriver-lsp-options nil
  "Settings for the server, with the same keys as in its configuration file."
  :type 'plist)

(defcustom codriver-lsp-inline-completion t
  "Whether suggestions are shown as ghost text, which needs lsp-mode 10."
  :type 'boolean)

(lsp-register-client
 (make-lsp-client
  :server-id 'codriver-ls
  :add-on? t
  :priority -2
  :multi-root t
  :completion-in-comments? t
  :new-connection (lsp-stdio-connection (lambda () codriver-lsp-command))
  :activation-fn (lambda (&rest _) codriver-lsp-enable)
  :initialization-options (lambda () codriver-lsp-options)))

(defun codriver-lsp--inline-completion ()
  "Turn ghost text on in a buffer that Codriver serves."
  (when (and codriver-lsp-inline-completion
             (fboundp 'lsp-inline-completion-mode)
             (lsp-find-workspace 'codriver-ls nil))
    (lsp-inline-completion-mode 1)))

(add-hook 'lsp-after-open-hook #'codriver-lsp--inline-completion)

;; Chats, tasks and change-sets are served as soon as they are shown, also where no hook of their mode starts lsp.
(defun codriver-lsp--own-document ()
  "Join the session in a document of Codriver's."
  (when (and codriver-lsp-enable
             buffer-file-name
             (string-match-p "\\.\\(?:chat\\.md\\|task\\.md\\|changes\\.diff\\)\\'" buffer-file-name)
             (lsp-session-folders (lsp-session)))
    ;; Not before it is shown: lsp would save a buffer whose file is just being made.
    (lsp-deferred)))

(add-hook 'find-file-hook #'codriver-lsp--own-document)

;;;###autoload
(defun codriver-lsp-run (command)
  "Run Codriver's COMMAND, such as `codriver.undo' or `codriver.why', on what was edited last."
  (interactive
   (list (completing-read "Codriver: " (codriver-lsp--commands) nil t)))
  (with-lsp-workspace (lsp-find-workspace 'codriver-ls nil)
    (lsp-request "workspace/executeCommand" (list :command command))))

(defun codriver-lsp--commands ()
  "The commands of the server."
  (let ((capabilities (lsp--workspace-server-capabilities (lsp-find-workspace 'codriver-ls nil))))
    (append (lsp-get (lsp-get capabilities :executeCommandProvider) :commands) nil)))

(provide 'codriver-lsp-mode)
;;; codriver-lsp-mode.el ends here
