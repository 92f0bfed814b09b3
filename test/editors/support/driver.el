;;; driver.el --- lets a test steer a batch Emacs over a socket -*- lexical-binding: t; -*-

;; One line of JSON per request, {"id": …, "form": "(…)"}, and one per answer.  A form runs in the main loop, never in
;; a process filter, so that eglot may wait for the server as it does for a person's command.

;;; Code:

(require 'cl-lib)
(require 'json)

(defvar driver-queue nil "Requests that have come and not been run.")
(defvar driver-rest "" "The beginning of a line that is not complete yet.")
(defvar driver-messages nil "Questions that Emacs asked, newest first.")

(setq make-backup-files nil create-lockfiles nil auto-save-default nil vc-follow-symlinks t ring-bell-function #'ignore
      ;; In batch mode Emacs believes that every command came from a mouse.
      last-nonmenu-event 13)

(defun driver-filter (_process text)
  "Collect lines of TEXT."
  (setq driver-rest (concat driver-rest text))
  (let ((lines (split-string driver-rest "\n")))
    (setq driver-rest (car (last lines))
          driver-queue (append driver-queue (butlast lines)))))

(defun driver-value (value)
  "VALUE as something that JSON has a word for."
  (cond ((null value) :null)
        ((eq value t) t)
        ((stringp value) (substring-no-properties value))
        ((numberp value) value)
        ((proper-list-p value) (vconcat (mapcar #'driver-value value)))
        (t (format "%S" value))))

(defun driver-run (line process)
  "Run the request in LINE and answer it to PROCESS."
  (let* ((request (json-parse-string line :object-type 'plist))
         (answer (condition-case err
                     (list :id (plist-get request :id)
                           :value (driver-value (save-current-buffer
                                                  (set-buffer (window-buffer))
                                                  (eval (car (read-from-string (plist-get request :form))) t))))
                   ((error quit) (list :id (plist-get request :id) :error (format "%S" err))))))
    (process-send-string process (concat (json-serialize answer) "\n"))))

(defun driver-spin (seconds ready)
  "Let Emacs work until READY returns non-nil, SECONDS at most; return what it returned."
  (let ((end (+ (float-time) seconds)) value)
    (while (and (not (setq value (funcall ready))) (< (float-time) end))
      (accept-process-output nil 0.02))
    value))

;; Questions: a menu of code actions is answered by `driver-want', anything else with yes.
(defvar driver-want nil "Regular expression for the title to choose.")
(defvar driver-menu nil "Titles of the menu that was shown last.")

(defun driver-read (prompt collection &rest _)
  "Answer PROMPT from COLLECTION by `driver-want', or quit."
  (let ((titles (all-completions "" collection)))
    (setq driver-menu titles)
    (push prompt driver-messages)
    (or (and driver-want (cl-find-if (lambda (title) (string-match-p driver-want title)) titles))
        (car (member "Run them" titles))
        (signal 'quit nil))))

(defun driver-yes (prompt)
  "Say yes to PROMPT."
  (push prompt driver-messages)
  t)

(advice-add 'completing-read :override #'driver-read)
(advice-add 'y-or-n-p :override #'driver-yes)
(advice-add 'yes-or-no-p :override #'driver-yes)

;; What a completion front end does: filter by the table's own style, insert one candidate, tell the table.
(defvar driver-candidate nil "Regular expression for the candidate to insert.")

(defun driver-complete-in-region (start end collection predicate)
  "Insert the candidate of COLLECTION for START to END that matches `driver-candidate'."
  (let* ((exit (plist-get completion-extra-properties :exit-function))
         (text (buffer-substring start end))
         (all (completion-all-completions text collection predicate (length text)))
         (base (or (cdr (last all)) 0)))
    (when all (setcdr (last all) nil))
    (let ((chosen (cl-find-if (lambda (each) (string-match-p driver-candidate each)) all)))
      (setq driver-menu (mapcar #'substring-no-properties all))
      (when chosen
        (delete-region (+ start base) end)
        (goto-char (+ start base))
        (insert (substring-no-properties chosen))
        (when exit (funcall exit chosen 'finished))
        t))))

(setq completion-in-region-function #'driver-complete-in-region)

(defun driver-place (line column)
  "Go to LINE and COLUMN, both from zero."
  (goto-char (point-min))
  (forward-line line)
  (forward-char column))

(defun driver-write (line text)
  "Type TEXT on a new line below LINE."
  (driver-place line 0)
  (end-of-line)
  (insert "\n" text))

(defun driver-complete (wanted)
  "Complete at point, choosing the candidate that matches WANTED."
  (setq driver-candidate wanted driver-menu nil)
  (let ((before (buffer-chars-modified-tick)))
    (completion-at-point)
    (/= before (buffer-chars-modified-tick))))

(defun driver-buffer ()
  "The text of the buffer."
  (buffer-substring-no-properties (point-min) (point-max)))

;; No typescript-ts-mode without its grammar: what most people have from an archive is a mode of this name.
(require 'js)
(define-derived-mode typescript-mode js-mode "TypeScript")
(add-to-list 'auto-mode-alist '("\\.ts\\'" . typescript-mode))

(defun driver-serve (port)
  "Serve requests from PORT on this machine until the test hangs up."
  (let ((process (make-network-process :name "driver" :host "127.0.0.1" :service port :coding 'utf-8-unix
                                       :filter #'driver-filter :noquery t)))
    (while (process-live-p process)
      (accept-process-output nil 0.02)
      (while driver-queue
        (driver-run (pop driver-queue) process)))
    (kill-emacs)))

;;; driver.el ends here
