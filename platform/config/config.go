// Package config is the program's configuration: one typed struct, filled from flags, environment, file and defaults, in
// that order of precedence, checked as a whole before anything starts, and able to say where each value came from.
//
// A key is a field of Config: its tags give its name, default and rule, keys.go its documentation. Names map
// mechanically: http.addr, --http.addr, GAVEL_HTTP_ADDR, and GAVEL_HTTP_ADDR_FILE for a file that holds the value.
// Constructors take the part that they need (config.HTTP, config.Database, …), never the whole.
package config

import "time"

// Config is everything that can be configured. Load is the way to one; its values have passed every rule of the tags.
type Config struct {
	HTTP      HTTP      `koanf:"http"`
	Metrics   Metrics   `koanf:"metrics"`
	Profiling Profiling `koanf:"profiling"`
	Data      Data      `koanf:"data"`
	Database  Database  `koanf:"database"`
	Command   Command   `koanf:"command"`
	Events    Events    `koanf:"events"`
	Backup    Backup    `koanf:"backup"`
	Log       Log       `koanf:"log"`
	Site      Site      `koanf:"site"`
	Listings  Listings  `koanf:"listings"`
	Members   Members   `koanf:"members"`
	Issues    Issues    `koanf:"issues"`
	Mail      Mail      `koanf:"mail"`

	Rehearsal Rehearsal `koanf:"rehearsal"`
}

// HTTP is the public listener and its limits.
type HTTP struct {
	// Addr is host:port; the host may be empty (every interface) and the port 0 (any free one).
	Addr              string        `koanf:"addr" default:"127.0.0.1:8080" validate:"addr"`
	ReadHeaderTimeout time.Duration `koanf:"read_header_timeout" default:"10s" validate:"min=1s,max=10m"`
	ReadTimeout       time.Duration `koanf:"read_timeout" default:"30s" validate:"min=1s,max=1h"`
	WriteTimeout      time.Duration `koanf:"write_timeout" default:"60s" validate:"min=1s,max=1h"`
	IdleTimeout       time.Duration `koanf:"idle_timeout" default:"2m" validate:"min=1s,max=1h"`
	ShutdownTimeout   time.Duration `koanf:"shutdown_timeout" default:"30s" validate:"min=1s,max=10m"`
	MaxBody           Size          `koanf:"max_body" default:"1MiB" validate:"min=1024,max=1073741824"`
	MaxHeader         Size          `koanf:"max_header" default:"64KiB" validate:"min=4096,max=1048576"`
	// TrustedProxies are the peers whose X-Forwarded-For is believed.
	TrustedProxies Prefixes `koanf:"trusted_proxies" default:""`
	Rate           Rate     `koanf:"rate"`
	TLS            TLS      `koanf:"tls"`
}

// TLS is how the server speaks HTTPS by itself: with a certificate from files, or with one that it gets from an ACME
// authority. With neither it speaks plain HTTP.
type TLS struct {
	// Certificate and Key are PEM files; both or none.
	Certificate string `koanf:"certificate" default:"" validate:"omitempty"`
	Key         string `koanf:"key" default:"" validate:"omitempty"`
	ACME        ACME   `koanf:"acme"`
}

// ACME is where certificates come from by themselves. The names are those of Domains.
type ACME struct {
	// Domains are the host names that the certificate is for, separated by commas; empty turns ACME off.
	Domains string `koanf:"domains" default:"" validate:"omitempty,domains"`
	// Email is told to the authority; may be empty.
	Email string `koanf:"email" default:"" validate:"omitempty,mail_address"`
	// Directory is the authority's address.
	Directory string `koanf:"directory" default:"https://acme-v02.api.letsencrypt.org/directory" validate:"https_url"`
}

// Rate limits the requests of one client address.
type Rate struct {
	// Requests is how many a second a client may keep up; 0 means no limit.
	Requests int `koanf:"requests" default:"50" validate:"min=0,max=1000000"`
	// Burst is how many may come at once after a pause.
	Burst int `koanf:"burst" default:"200" validate:"min=1,max=1000000"`
}

// Metrics says where Prometheus may read. With neither field set there is no /metrics.
type Metrics struct {
	// Addr is the host:port of a listener of its own; empty for none.
	Addr string `koanf:"addr" default:"" validate:"omitempty,addr"`
	// Token, when set, is the bearer token that /metrics asks for; it then also answers on HTTP.Addr.
	Token Secret `koanf:"token" default:"" validate:"omitempty,min=16,max=512" secret:"true"`
}

// Profiling says where profiles of the running program can be taken. They are as secret as the database.
type Profiling struct {
	// Addr is the host:port of a listener of its own; empty for none.
	Addr string `koanf:"addr" default:"" validate:"omitempty,addr"`
	// OpenTo is who may reach it: ThisMachine or Network. Without a listener it means nothing.
	OpenTo string `koanf:"open_to" default:"machine" validate:"oneof=machine network"`
}

// Values of Profiling.OpenTo.
const (
	ThisMachine = "machine"
	Network     = "network"
)

// Data is what the program keeps beside a database server.
type Data struct {
	// Dir holds the SQLite database and the backups; it is created when it is missing.
	Dir string `koanf:"dir" default:"./data" validate:"required"`
}

// Database is where everything is stored.
type Database struct {
	// URL names the database; after Load it is "sqlite:PATH", never "sqlite:" alone, or a PostgreSQL URL.
	URL DatabaseURL `koanf:"url" default:"sqlite:" validate:"database_url"`
	// MaxConnections bounds the PostgreSQL pool, or the readers of SQLite beside its one writer.
	MaxConnections int `koanf:"max_connections" default:"20" validate:"min=1,max=10000"`
	// BusyTimeout is how long SQLite waits for another process's write.
	BusyTimeout time.Duration `koanf:"busy_timeout" default:"5s" validate:"min=0s,max=1m"`
}

// Command bounds one unit of work.
type Command struct {
	// Deadline is the longest that a command is tried again after conflicts.
	Deadline time.Duration `koanf:"deadline" default:"10s" validate:"min=100ms,max=5m"`
	// CommitDeadline is the longest that one commit may take.
	CommitDeadline time.Duration `koanf:"commit_deadline" default:"10s" validate:"min=100ms,max=5m"`
	Keys           CommandKeys   `koanf:"keys"`
}

// CommandKeys is about idempotency keys.
type CommandKeys struct {
	// Keep is how long the answer to a command is remembered under its key. Clients are promised the least of it.
	Keep time.Duration `koanf:"keep" default:"168h" validate:"min=168h,max=8760h"`
}

// Events is about what modules tell each other.
type Events struct {
	// Keep is how long events are kept that everybody has got.
	Keep time.Duration `koanf:"keep" default:"720h" validate:"min=1h,max=876000h"`
	NATS NATS          `koanf:"nats"`
}

// NATS is the broker through which events travel between servers. Without a URL there is none.
type NATS struct {
	// URL is that of a server, or those of several; it may carry a password.
	URL Secret `koanf:"url" default:"" validate:"omitempty,nats_url" secret:"true"`
	// Credentials is a file with a JWT and its key.
	Credentials string `koanf:"credentials" default:"" validate:"omitempty"`
	// CA is a PEM file.
	CA string `koanf:"ca" default:"" validate:"omitempty"`
	// Stream is the name of the stream and of the first part of its subjects.
	Stream   string        `koanf:"stream" default:"gavel" validate:"stream_name"`
	Replicas int           `koanf:"replicas" default:"1" validate:"min=1,max=5"`
	MaxAge   time.Duration `koanf:"max_age" default:"24h" validate:"min=1m,max=8760h"`
}

// Backup is about the copies that the program makes by itself, before a migration.
type Backup struct {
	// Dir is where they go; after Load it is never empty.
	Dir string `koanf:"dir" default:"" validate:"omitempty"`
	// Keep is how many stay after a migration that succeeded; the oldest go first.
	Keep int `koanf:"keep" default:"5" validate:"min=1,max=1000"`
}

// Log is what is logged, and how.
type Log struct {
	Level  string `koanf:"level" default:"info" validate:"oneof=debug info warn error"`
	Format string `koanf:"format" default:"auto" validate:"oneof=json console auto"`
}

// Site is how this auction house presents itself.
type Site struct {
	// URL is the address that visitors use, without a trailing slash; empty means the one the server listens on.
	URL      string `koanf:"url" default:"" validate:"omitempty,site_url"`
	Name     string `koanf:"name" default:"Gavel" validate:"min=1,max=80,printable"`
	Currency string `koanf:"currency" default:"USD" validate:"currency"`
	TimeZone string `koanf:"time_zone" default:"UTC" validate:"timezone"`
}

// Listings are the rules that new listings are published under, and when their end is announced. What a table must be (rising, never finer than the
// row before) is the listings module's to judge: see Check.
type Listings struct {
	// Increments names a preset, flat:N or one of Tables.
	Increments string           `koanf:"increments" default:"ebay-us-classic" validate:"increments"`
	Tables     map[string]Table `koanf:"tables" validate:"dive,keys,table_name,endkeys,min=1,dive"`
	// EndsSoon is how long before its end those who watch a listing are told.
	EndsSoon time.Duration `koanf:"ends_soon" default:"1h" validate:"min=5m,max=168h"`
	Sale     Sale          `koanf:"sale"`
	Reads    Reads         `koanf:"reads"`
}

// Reads is what readers of the market are answered with.
type Reads struct {
	// AtMost is how old it can be at most; 0 to ask the database each time.
	AtMost time.Duration `koanf:"at_most" default:"1s" validate:"min=0s,max=1s"`
}

// Sale is how long buyers have to pay. A sale keeps what it was opened under.
type Sale struct {
	// PayWithin is the time from the end of the listing to the day on which it must be paid.
	PayWithin time.Duration `koanf:"pay_within" default:"168h" validate:"min=1h,max=8760h"`
	// RemindBefore is how long before that the buyer is reminded; 0, or no less than PayWithin, for no such reminder.
	RemindBefore time.Duration `koanf:"remind_before" default:"48h" validate:"min=0s,max=8760h"`
	// Grace is the time from that day until the sale is overdue.
	Grace time.Duration `koanf:"grace" default:"72h" validate:"min=0s,max=8760h"`
}

// Members is who may join, and how long what they are given lasts.
type Members struct {
	// Registration is open to everybody, to everybody with an admin's approval, or only with an invitation.
	Registration string `koanf:"registration" default:"open" validate:"oneof=open approval invite"`
	// DeletionGrace is the time from the end of a leaving member's last obligation to his deletion.
	DeletionGrace time.Duration `koanf:"deletion_grace" default:"168h" validate:"min=0s,max=8760h"`
	Password      Password      `koanf:"password"`
	SignIn        SignIn        `koanf:"sign_in"`
	Sessions      Sessions      `koanf:"sessions"`
	Notices       Notices       `koanf:"notices"`
}

// Sessions is what is left of browsers that were signed in.
type Sessions struct {
	// Keep is how long a session is kept after its end; 0 for no longer than it takes to notice.
	Keep time.Duration `koanf:"keep" default:"0s" validate:"min=0s,max=8760h"`
}

// Notices is what members are told.
type Notices struct {
	// Keep is how long a notice is kept. One whose mail is yet to be sent is kept longer.
	Keep time.Duration `koanf:"keep" default:"2160h" validate:"min=24h,max=87600h"`
}

// Password is the cost of one password hash (Argon2id).
type Password struct {
	// Memory is what one hash takes.
	Memory Size `koanf:"memory" default:"19MiB" validate:"min=19922944,max=1073741824"`
	// Iterations is how often it goes over the memory.
	Iterations int `koanf:"iterations" default:"2" validate:"min=2,max=20"`
	// AtOnce is how many are computed at the same time; others wait.
	AtOnce int `koanf:"at_once" default:"2" validate:"min=1,max=64"`
}

// SignIn slows down whoever guesses passwords.
type SignIn struct {
	// Failures is how many failures in five minutes are free of delay; 0 means no delay ever, for tests.
	Failures int `koanf:"failures" default:"5" validate:"min=0,max=1000000"`
}

// Issues is what the help desk promises, by priority. That nothing is to be resolved before it is answered is the help
// desk's to judge: see Check.
type Issues struct {
	FirstResponse FirstResponse `koanf:"first_response"`
	Resolution    Resolution    `koanf:"resolution"`
}

// FirstResponse is the working time in which staff first answer.
type FirstResponse struct {
	Low    time.Duration `koanf:"low" default:"72h" validate:"min=1m,max=8760h"`
	Normal time.Duration `koanf:"normal" default:"24h" validate:"min=1m,max=8760h"`
	High   time.Duration `koanf:"high" default:"4h" validate:"min=1m,max=8760h"`
	Urgent time.Duration `koanf:"urgent" default:"1h" validate:"min=1m,max=8760h"`
}

// Resolution is the working time in which an issue is resolved.
type Resolution struct {
	Low    time.Duration `koanf:"low" default:"720h" validate:"min=1m,max=8760h"`
	Normal time.Duration `koanf:"normal" default:"168h" validate:"min=1m,max=8760h"`
	High   time.Duration `koanf:"high" default:"48h" validate:"min=1m,max=8760h"`
	Urgent time.Duration `koanf:"urgent" default:"8h" validate:"min=1m,max=8760h"`
}

// Mail is how letters leave the house.
type Mail struct {
	// From is the sender's address; empty means gavel@ and the host of site.url.
	From string `koanf:"from" default:"" validate:"omitempty,mail_address"`
	SMTP SMTP   `koanf:"smtp"`
}

// SMTP is the server that takes the letters. Without a host they are written as files under data.dir/mail.
type SMTP struct {
	Host     string `koanf:"host" default:"" validate:"omitempty,host"`
	Port     int    `koanf:"port" default:"587" validate:"min=1,max=65535"`
	Username string `koanf:"username" default:"" validate:"omitempty,min=1,max=320"`
	Password Secret `koanf:"password" default:"" validate:"omitempty,min=1,max=1024" secret:"true"`
	// TLS is how the connection is protected: starttls asks for it after the greeting and insists, tls begins with it.
	TLS     string        `koanf:"tls" default:"starttls" validate:"oneof=starttls tls none"`
	Timeout time.Duration `koanf:"timeout" default:"30s" validate:"min=1s,max=5m"`
}

// Rehearsal is for trying out in minutes what takes days.
type Rehearsal struct {
	// ClockAhead is how far the program's clock is ahead of the machine's.
	ClockAhead time.Duration `koanf:"clock_ahead" default:"0s" validate:"min=0s,max=8760h"`
}

// Table is an increment table in the site's currency.
type Table []Increment

// Increment is a row of a table, as decimal text in major units: from the price From on, the next bid adds Increment.
type Increment struct {
	From      string `koanf:"from" validate:"decimal"`
	Increment string `koanf:"increment" validate:"decimal"`
}
