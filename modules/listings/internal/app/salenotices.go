package app

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
)

// saleNotice is news of a sale for one of its parties. Its id is made of the sale, its version and who is told, so that the
// same change is told once, however often the unit of work runs.
func saleNotice(sale domain.SaleState, to uuid.UUID, now time.Time, subject, text string) profilesapi.Notice {
	return profilesapi.Notice{
		ID:      uuid.NewSHA1(sale.ID, fmt.Appendf(nil, "sale %d to %s", sale.Version+1, to)),
		Member:  to,
		Kind:    profilesapi.NoticeSale,
		Subject: subject,
		Text:    text,
		About:   sale.ID,
		Path:    "/listings/" + sale.ID.String(),
		At:      now,
	}
}

// PaymentWindow is the time in which news of a payment is gathered: a seller who marks, takes back and marks again costs the
// buyer one mail, which says what holds in the end; or none, if that is what he was told before.
const PaymentWindow = 10 * time.Minute

// paymentNotice is news of the payment for the buyer. Each is the contrary of the one before.
func paymentNotice(s domain.SaleState, now time.Time, subject, text string) profilesapi.Notice {
	window := now.UTC().Truncate(PaymentWindow)
	n := saleNotice(s, s.Buyer, now, subject, text)
	n.ID = noticeID(s.ID, fmt.Sprintf("payment %d", window.Unix()), s.Buyer)
	n.MailAt, n.Undoes = window.Add(PaymentWindow), true
	return n
}

func (Words) paid(s domain.SaleState, now time.Time) profilesapi.Notice {
	return paymentNotice(s, now, fmt.Sprintf("Paid: %s", s.Title),
		fmt.Sprintf("The seller says that you have paid %s for “%s”. Thank you.", s.Price, s.Title))
}

func (w Words) unpaid(s domain.SaleState, now time.Time) profilesapi.Notice {
	return paymentNotice(s, now, fmt.Sprintf("Not paid after all: %s", s.Title),
		fmt.Sprintf("The seller has taken back that you have paid %s for “%s”. It was to be paid by %s.", s.Price, s.Title, w.day(s.PayBy)))
}

func (Words) handedOver(s domain.SaleState, now time.Time) profilesapi.Notice {
	return saleNotice(s, s.Buyer, now, fmt.Sprintf("Handed over: %s", s.Title),
		fmt.Sprintf("The seller says that “%s” has been handed over or sent to you. Mark it received when you have it.", s.Title))
}

func (Words) received(s domain.SaleState, now time.Time) profilesapi.Notice {
	return saleNotice(s, s.Seller, now, fmt.Sprintf("Received: %s", s.Title),
		fmt.Sprintf("The buyer says that he has received “%s”.", s.Title))
}

func (w Words) earlyReminder(s domain.SaleState, now time.Time) profilesapi.Notice {
	return saleNotice(s, s.Buyer, now, fmt.Sprintf("Please pay by %s: %s", w.day(s.PayBy), s.Title),
		fmt.Sprintf("You have bought “%s” for %s, and the seller has not marked it paid. Please pay by %s.\n\n"+
			"If you have paid already, ask the seller to mark it.", s.Title, s.Price, w.day(s.PayBy)))
}

func (w Words) dueReminder(s domain.SaleState, now time.Time) profilesapi.Notice {
	return saleNotice(s, s.Buyer, now, fmt.Sprintf("Please pay now: %s", s.Title),
		fmt.Sprintf("You have bought “%s” for %s. It was to be paid by now, and the seller has not marked it paid.\n\n"+
			"Unless it is marked paid by %s, the house is told.", s.Title, s.Price, w.day(s.OverdueFrom)))
}

func (w Words) overdueNotices(s domain.SaleState, now time.Time) []profilesapi.Notice {
	return []profilesapi.Notice{
		saleNotice(s, s.Buyer, now, fmt.Sprintf("Overdue: %s", s.Title),
			fmt.Sprintf("You have bought “%s” for %s, which was to be paid by %s. The house has been told that it is not.\n\n"+
				"If you have paid already, ask the seller to mark it.", s.Title, s.Price, w.day(s.PayBy))),
		saleNotice(s, s.Seller, now, fmt.Sprintf("Not paid: %s", s.Title),
			fmt.Sprintf("“%s” was to be paid by %s and is not marked paid. The house has been told and looks into it.\n\n"+
				"If the buyer has paid, mark it.", s.Title, w.day(s.PayBy))),
	}
}

// day is a day on which something is due, to the minute.
func (w Words) day(at time.Time) string { return at.In(w.Zone).Format("2 January 2006, 15:04 MST") }
