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

(provide 'codriver-lsp-mode)
;;; codriver-lsp-mode.el ends here
