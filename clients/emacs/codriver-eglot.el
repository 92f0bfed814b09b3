;;; codriver-eglot.el --- Codriver through eglot, alone or beside another server -*- lexical-binding: t; -*-

;; Package-Requires: ((emacs "29.1"))
;; SPDX-License-Identifier: MIT

;;; Commentary:

;; Eglot runs one server per buffer.  `codriver-eglot-setup' makes that server Codriver for a list of modes;
;; `codriver-eglot-beside' keeps a language's own server and puts Codriver next to it through `rass'
;; (pip install rassumfrassum).  Both only fill `eglot-server-programs': everything else is eglot's own.

;;; Code:

(require 'eglot)

(defgroup codriver nil
  "AI completions, explanations and fixes by the Codriver language server."
  :group 'eglot)

(defcustom codriver-eglot-command '("codriver-language-server" "--stdio")
  "How the server is started."
  :type '(repeat string))

(defcustom codriver-eglot-rass-command '("rass")
  "How the multiplexer is started that lets eglot use two servers at once."
  :type '(repeat string))

(defcustom codriver-eglot-options nil
  "Settings for the server, with the same keys as in its configuration file."
  :type 'plist)

;; Eglot makes the language's identifier from the mode that is named here, so that a parent such as `prog-mode'
;; would tell the server that every file is written in "prog".  The first that a mode derives from counts, so that
;; json comes before js.
(defcustom codriver-eglot-modes
  '((python-mode :language-id "python") (python-ts-mode :language-id "python")
    (typescript-mode :language-id "typescript") (typescript-ts-mode :language-id "typescript")
    (tsx-ts-mode :language-id "typescriptreact")
    (json-mode :language-id "json") (js-json-mode :language-id "json") (json-ts-mode :language-id "json")
    (js-mode :language-id "javascript") (js-ts-mode :language-id "javascript")
    (rust-mode :language-id "rust") (rust-ts-mode :language-id "rust")
    (go-mode :language-id "go") (go-ts-mode :language-id "go")
    (c-mode :language-id "c") (c-ts-mode :language-id "c")
    (c++-mode :language-id "cpp") (c++-ts-mode :language-id "cpp")
    (java-mode :language-id "java") (java-ts-mode :language-id "java")
    (csharp-mode :language-id "csharp") (csharp-ts-mode :language-id "csharp")
    (ruby-mode :language-id "ruby") (ruby-ts-mode :language-id "ruby")
    (php-mode :language-id "php") (php-ts-mode :language-id "php")
    (lua-mode :language-id "lua") (lua-ts-mode :language-id "lua")
    (sh-mode :language-id "shellscript") (bash-ts-mode :language-id "shellscript")
    (emacs-lisp-mode :language-id "emacs-lisp")
    (css-mode :language-id "css") (css-ts-mode :language-id "css")
    (html-mode :language-id "html") (html-ts-mode :language-id "html")
    (yaml-mode :language-id "yaml") (yaml-ts-mode :language-id "yaml")
    (markdown-mode :language-id "markdown") (text-mode :language-id "plaintext")
    (diff-mode :language-id "diff"))
  "Modes for `codriver-eglot-setup', with their languages' names in LSP."
  :type '(repeat (cons symbol plist)))

;; Chats and tasks are Markdown, which Emacs knows only with a package; eglot serves no `fundamental-mode'.
(defun codriver-eglot-document-mode ()
  "`markdown-mode' where there is one, else `text-mode'."
  (if (fboundp 'markdown-mode) (markdown-mode) (text-mode)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.\\(?:chat\\|task\\)\\.md\\'" . codriver-eglot-document-mode))

;; Eglot makes a new file in a buffer and shows files on disk only: a chat that was just opened would stay hidden.
(cl-defmethod eglot-handle-request :around (_server (_method (eql window/showDocument)) &key uri &allow-other-keys)
  "Show URI also where a buffer visits a file that is not saved yet."
  (let ((buffer (find-buffer-visiting (eglot-uri-to-path uri))))
    (if (or (null buffer) (file-exists-p (buffer-file-name buffer)))
        (cl-call-next-method)
      (run-with-timer 0 nil #'pop-to-buffer buffer)
      (list :success t))))

;;;###autoload
(defun codriver-eglot-run (command)
  "Run Codriver's COMMAND, such as `codriver.undo' or `codriver.why', on what was edited last."
  (interactive
   (list (completing-read "Codriver: " (append (eglot-server-capable :executeCommandProvider :commands) nil) nil t)))
  (eglot-execute (eglot--current-server-or-lose) (list :command command)))

;;;###autoload
(defun codriver-eglot-setup (&optional modes)
  "Make Codriver eglot's server for MODES, by default `codriver-eglot-modes'.
One server then serves all of them in a project; \\[eglot] starts it."
  (add-to-list 'eglot-server-programs
               (cons (or modes codriver-eglot-modes)
                     (append codriver-eglot-command
                             (and codriver-eglot-options
                                  (list :initializationOptions codriver-eglot-options))))))

;;;###autoload
(defun codriver-eglot-beside (modes command)
  "Let eglot use the server started by COMMAND and Codriver together for MODES.
MODES is what the car of an entry of `eglot-server-programs' may be:

  (codriver-eglot-beside \\='((python-mode :language-id \"python\"))
                         \\='(\"basedpyright-langserver\" \"--stdio\"))"
  (add-to-list 'eglot-server-programs
               (cons modes
                     (append codriver-eglot-rass-command (list "--") command (list "--") codriver-eglot-command
                             (and codriver-eglot-options
                                  (list :initializationOptions
                                        (list :rass (list :codriver codriver-eglot-options))))))))

(provide 'codriver-eglot)
;;; codriver-eglot.el ends here
