package config

import (
	"reflect"
	"strings"
	"time"
)

// Key is one thing that can be configured.
type Key struct {
	Name    string // "http.addr"
	Default string // as one would write it
	Doc     string // what it does, one or more sentences
	Range   string // what it may be, completing "must be …"
	Secret  bool   // never shown

	rule  string
	typ   reflect.Type
	index []int
}

// Flag returns the name of the key's flag.
func (k Key) Flag() string { return "--" + k.Name }

// Variable returns the name of the key's environment variable. With _FILE behind it, it names a file that holds the
// value.
func (k Key) Variable() string {
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(k.Name, ".", "_"))
}

// structured says that the key holds a mapping, so that more names may follow its own.
func (k Key) structured() bool { return k.typ.Kind() == reflect.Map }

// Keys returns every key, in the order of the fields of Config.
func Keys() []Key { return appendKeys(nil, reflect.TypeFor[Config](), "", nil) }

func appendKeys(keys []Key, section reflect.Type, prefix string, index []int) []Key {
	for i := range section.NumField() {
		field := section.Field(i)
		name := prefix + field.Tag.Get("koanf")
		at := append(append([]int(nil), index...), i)
		if field.Type.Kind() == reflect.Struct {
			keys = appendKeys(keys, field.Type, name+".", at)
			continue
		}
		key := Key{
			Name:    name,
			Default: field.Tag.Get("default"),
			Doc:     docs[name],
			Secret:  field.Tag.Get("secret") == "true",
			rule:    field.Tag.Get("validate"),
			typ:     field.Type,
			index:   at,
		}
		key.Range = describe(key)
		keys = append(keys, key)
	}
	return keys
}

var (
	durationType    = reflect.TypeFor[time.Duration]()
	sizeType        = reflect.TypeFor[Size]()
	prefixesType    = reflect.TypeFor[Prefixes]()
	databaseURLType = reflect.TypeFor[DatabaseURL]()
)

// docs is what config.yaml says about each key; defaults and ranges are added to it.
var docs = map[string]string{
	"http.addr":                "Address the server listens on, as host:port. Without a host it listens on every interface; port 0 takes any free one.",
	"http.read_header_timeout": "How long a client may take to send a request's headers.",
	"http.read_timeout":        "How long a client may take to send a whole request.",
	"http.write_timeout":       "How long an answer may take, from the end of the request's headers.",
	"http.idle_timeout":        "How long a connection without a request is kept open.",
	"http.shutdown_timeout":    "How long the server waits, when it is stopped, for requests that it accepted.",
	"http.max_body":            "Largest request body.",
	"http.max_header":          "Largest request header, all lines together.",
	"http.trusted_proxies":     "Reverse proxies in front of this server. Only from these is X-Forwarded-For believed; with none, a client's address is the one that it connects from.",
	"http.rate.requests":       "Requests per second that one client address may keep up; 0 sets no limit.",
	"http.rate.burst":          "Requests that one client address may make at once after a pause.",

	"http.tls.certificate":    "File of the certificate and its chain (PEM), to serve HTTPS without a proxy. It is read again when it changes.",
	"http.tls.key":            "File of the certificate's private key (PEM).",
	"http.tls.acme.domains":   "Host names for which certificates are fetched and renewed by themselves (ACME, TLS-ALPN-01; the server must be reachable on port 443). By using it you accept the authority's terms.",
	"http.tls.acme.email":     "Address that the authority writes to when something is wrong with a certificate.",
	"http.tls.acme.directory": "Address of the authority's directory.",

	"metrics.addr":  "Address of a listener of its own for /metrics (Prometheus), as host:port. Empty: no such listener. Keep it off the public network, or set metrics.token.",
	"metrics.token": "Bearer token that /metrics asks for. When it is set, /metrics also answers on http.addr.",

	"profiling.addr":    "Address of a listener of its own for profiles of the running program (pprof), as host:port. Empty: no such listener. There is no password: whoever reaches it looks into the program at work, and can slow it down. Set it while you look into something, and keep profiles as secret as the database.",
	"profiling.open_to": "Who may reach profiling.addr: with machine it must be a loopback address such as 127.0.0.1:6060; with network it may be any, and everybody who can connect to it takes profiles.",

	"data.dir": "Directory of the embedded database and the backups. Created when it is missing.",

	"database.url":             "Where everything is stored. sqlite: is gavel.db in data.dir, sqlite:PATH another file, postgres://user:password@host:5432/name?sslmode=verify-full a PostgreSQL 14 or newer.",
	"database.max_connections": "Connections to PostgreSQL, or readers of SQLite beside its one writer.",
	"database.busy_timeout":    "How long a write to SQLite waits for another process to finish its own.",

	"command.deadline":        "How long a command, such as a bid, is tried again when others change the same thing at the same time.",
	"command.commit_deadline": "How long one commit may take before its outcome counts as unknown.",

	"command.keys.keep": "How long the answer to a command is remembered under its Idempotency-Key, and given again to who repeats it. Clients may count on seven days. Commands on published listings are remembered for ever, by their logs.",

	"events.keep": "How long events are kept that everybody who subscribes to them has got: a module that is added later can be given what is kept. Logs of listings are kept for ever.",

	"events.nats.url":         "NATS servers with JetStream, through which several servers tell each other within milliseconds what happened: nats://name:password@host:4222 or tls://…, several separated by commas. Empty: each server polls for it twice a second, which is enough for most.",
	"events.nats.credentials": "File with credentials for NATS (a JWT and its key, as nsc writes it).",
	"events.nats.ca":          "File with the certificates (PEM) that those of the NATS servers are checked against. Empty: those of this machine.",
	"events.nats.stream":      "Name of the stream, which is made by itself, and of the first part of its subjects (gavel.events.>). Each market has its own.",
	"events.nats.replicas":    "How many servers of a NATS cluster keep the stream.",
	"events.nats.max_age":     "How long the stream keeps events. Nothing is lost with them: the database has them for events.keep.",

	"backup.dir":  "Directory of the backups, those that are made automatically before a migration and those that go nowhere else. Empty: backups in data.dir.",
	"backup.keep": "Automatic backups that are kept after a migration that succeeded; the oldest are deleted first.",

	"log.level":  "Least severity that is logged.",
	"log.format": "How a line of the log is written; auto is console on a terminal and json elsewhere.",

	"site.url":       "Address that visitors use, when it is not the one that the server listens on: behind a reverse proxy, https://auctions.example.org. Empty: the first of http.tls.acme.domains, if there is one.",
	"site.name":      "Name of the auction house.",
	"site.currency":  "Currency of new listings. A listing keeps the one that it was created with.",
	"site.time_zone": "Time zone in which times are shown. They are stored in UTC.",

	"members.registration":        "Who may register: everybody (open), everybody whom an admin approves (approval), or those who were invited (invite).",
	"listings.ends_soon":          "How long before its end a listing ends soon: who watches it is told then, once. Who begins to watch later is not.",
	"members.deletion_grace":      "How long after the end of a leaving member's last obligation the account is deleted. Until then it can be taken back.",
	"members.password.memory":     "Memory that one password hash (Argon2id) takes. Passwords are hashed anew at the next sign-in when it changes.",
	"members.password.iterations": "Passes of one password hash over its memory.",
	"members.password.at_once":    "Password hashes computed at the same time; further sign-ins wait.",
	"members.sessions.keep":       "How long a session is kept after its end, for whoever looks into the database after a theft: network, browser, first and last request. One that ended early, with a new password or a suspension, counts from its last request; one that was signed out, or whose member is deleted, is not kept. 0s: not at all.",
	"members.notices.keep":        "How long members' notices are kept, read or not. One whose mail is yet to be sent is kept until it is.",
	"members.sign_in.failures":    "Failed sign-ins within five minutes that are free of delay; each further one doubles the delay, up to an hour. 0 turns delays off, for tests.",

	"issues.first_response.low":    "How soon staff first answer an issue of low priority. Time in which an issue waits for others does not count.",
	"issues.first_response.normal": "How soon they answer one of normal priority, which every issue has until somebody says otherwise.",
	"issues.first_response.high":   "How soon they answer one of high priority.",
	"issues.first_response.urgent": "How soon they answer an urgent one.",
	"issues.resolution.low":        "How soon an issue of low priority is resolved; no sooner than it is answered. Time in which it waits for others does not count.",
	"issues.resolution.normal":     "How soon one of normal priority is resolved.",
	"issues.resolution.high":       "How soon one of high priority is resolved.",
	"issues.resolution.urgent":     "How soon an urgent one is resolved.",

	"mail.from":          "Sender's address of all letters. Empty: gavel@ and the host of site.url.",
	"mail.smtp.host":     "Mail server. Empty: letters are written as files into the folder mail in data.dir, and nobody gets them.",
	"mail.smtp.port":     "Port of the mail server: 587 for starttls, 465 for tls.",
	"mail.smtp.username": "Name to sign in to the mail server with. Empty: without signing in.",
	"mail.smtp.password": "Password for the mail server.",
	"mail.smtp.tls":      "How the connection is protected: starttls insists on it after the greeting, tls begins with it, none sends everything in the clear.",
	"mail.smtp.timeout":  "How long the delivery of one letter may take.",

	"rehearsal.clock_ahead": "How far the program's clock runs ahead of the machine's, to try out in minutes what takes days: start the server again with more. Only with the embedded database, and never with one that is in earnest: what happened in the future stays there.",

	"listings.increments":         "Increment table of new listings: how far the price rises with each bid. A published listing keeps its own.",
	"listings.sale.pay_within":    "How long a buyer has to pay. A sale keeps what it began with.",
	"listings.sale.remind_before": "How long before that the buyer is reminded; he is once more when the time is over. 0: only then.",
	"listings.sale.grace":         "How long after that a sale that is not marked paid is overdue and becomes an issue.",

	"listings.reads.at_most": "How old what visitors are shown of listings and first pages can be at most. It is kept so long, so that many who look at the same cost one query; what this server changes, and with NATS what others do, shows at once. With several servers members are shown nothing old. 0: the database is asked each time.",

	"listings.tables": "Increment tables of your own, by name: from which price on a bid adds how much, both as quoted decimals in site.currency. For example {charity: [{from: \"0.01\", increment: \"1.00\"}, {from: \"50.00\", increment: \"5.00\"}]}.",
}
