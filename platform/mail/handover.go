package mail

import (
	"fmt"
	"runtime"
)

// HandOver calls what hands a letter over to a mail server, and makes an error of a panic: whoever mails many letters
// goes on with the next one. What was thrown is told only if the runtime threw it, because anything else may hold the
// letter. Errors: those of send; that it panicked.
func HandOver(send func() error) (err error) {
	defer func() {
		switch thrown := recover().(type) {
		case nil:
		case runtime.Error:
			err = fmt.Errorf("the mailer panicked: %w", thrown)
		default:
			err = fmt.Errorf("the mailer panicked with a %T", thrown)
		}
	}()
	return send()
}
