package architecture

// Rule is one border: what some files may import. A file that In selects and Except does not imports nothing but Only
// (where Only is given), and nothing of Never unless Unless selects it too.
type Rule struct {
	Name    string
	Because string // ends the sentence "this is refused because …"

	In     []Pattern // files the rule holds for
	Except []Pattern // files among them that it does not hold for
	Tests  bool      // it holds for _test.go files too

	Only   []Pattern // imports allowed
	Never  []Pattern // imports refused
	Unless []Pattern // imports allowed although Never selects them

	// Deep extends Never from a file's own imports to everything that its package pulls in. Unless does not apply.
	Deep bool
}

// Frameworks and drivers, as imports.
var (
	fx       = []Pattern{"go.uber.org/fx/...", "go.uber.org/dig/..."}
	zap      = []Pattern{"go.uber.org/zap/..."}
	sqlx     = []Pattern{"github.com/jmoiron/sqlx/..."}
	drivers  = []Pattern{"github.com/lib/pq/...", "modernc.org/sqlite/..."}
	goose    = []Pattern{"github.com/pressly/goose/..."}
	netHTTP  = []Pattern{"net/http/..."}
	routers  = []Pattern{"github.com/go-chi/...", "github.com/danielgtaylor/huma/..."}
	testKits = []Pattern{"testing/...", "github.com/stretchr/testify/...", "github.com/google/go-cmp/...", "pgregory.net/rapid/...", "go.uber.org/goleak/...", "github.com/nats-io/nats-server/..."}
)

// testSeam is code for tests outside _test.go files: seams, contract suites, and the second opinion on the rules.
var testSeam = []Pattern{
	"modules/*/*test/...", "modules/*/internal/contract/...", "modules/*/internal/oracle/...",
	"platform/*test/...", "platform/.../*test/...", "test/...",
}

// kernel is the part of the platform that domains and use cases rest on, without the adapters in directories below.
var kernel = []Pattern{
	"platform/audit/*.go", "platform/clock/*.go", "platform/events/*.go", "platform/fault/*.go", "platform/idempotency/*.go",
	"platform/identity/*.go", "platform/mail/*.go", "platform/page/*.go", "platform/uow/*.go",
}

// vocabulary is the part of the platform that says what more than one domain means by a word, say what an address is. It has no state and asks nothing of what is around it.
var vocabulary = []Pattern{"platform/characters/*.go", "platform/emailaddress/*.go", "platform/words/*.go"}

// Rules is the architecture beyond what the compiler checks.
var Rules = []Rule{
	{
		Name:    "domain imports",
		Because: "the rules of auctions must be readable, testable and movable without anything around them",
		In:      []Pattern{"modules/{module}/internal/domain/..."},
		Only: []Pattern{
			"std", "github.com/google/uuid", "./platform/characters", "./platform/emailaddress", "./platform/fault",
			"./platform/identity", "./modules/{module}/internal/domain/...",
		},
	},
	{
		Name:    "domain does no I/O",
		Because: "how a listing is stored, sent, logged or shown is an adapter's business",
		In:      []Pattern{"modules/*/internal/domain/..."},
		Never: []Pattern{
			"database/...", "encoding/json/...", "encoding/xml", "html/...", "io/fs", "log/...", "net/...", "os/...", "text/template/...",
		},
	},
	{
		Name:    "app imports",
		Because: "a use case knows the domain and the ports, and no adapter that stands behind them",
		In:      []Pattern{"modules/{module}/internal/app/..."},
		Only: []Pattern{
			"std", "github.com/google/uuid",
			"./modules/{module}/internal/domain/...", "./modules/{module}/internal/app/...", "./modules/*/*api",
			"./platform/audit", "./platform/clock", "./platform/events", "./platform/fault", "./platform/idempotency",
			"./platform/identity", "./platform/mail", "./platform/page", "./platform/uow", "./platform/words",
		},
	},
	{
		Name:    "app does no I/O",
		Because: "a use case runs inside a unit of work, perhaps more than once",
		In:      []Pattern{"modules/*/internal/app/..."},
		Never:   []Pattern{"database/...", "html/...", "log/...", "net/...", "os/..."},
	},
	{
		Name:    "kernel imports",
		Because: "every domain and use case rests on these packages, so they rest on nothing but a list and an id",
		In:      kernel,
		Only:    []Pattern{"std", "github.com/google/uuid", "github.com/hashicorp/golang-lru/v2/simplelru", "./platform/clock", "./platform/events", "./platform/fault", "./platform/page", "./platform/stack"},
	},
	{
		Name:    "vocabulary imports",
		Because: "domains import these words because nothing comes with them, no port and no clock",
		In:      vocabulary,
		Only:    []Pattern{"std", "golang.org/x/text/unicode/norm", "./platform/characters"},
	},
	{
		Name:    "core stays light",
		Because: "nothing may bring a framework or a driver into the core, not even by way of others",
		In:      join([]Pattern{"modules/*/internal/domain/...", "modules/*/internal/app/...", "modules/*/*api/..."}, kernel, vocabulary),
		// Not "database/sql/...": uuid brings database/sql/driver, which is interfaces only.
		Never: join([]Pattern{"database/sql"}, sqlx, drivers, netHTTP, fx, zap),
		Deep:  true,
	},
	{
		Name:    "oracle imports",
		Because: "a second opinion that shares code with the first is none",
		In:      []Pattern{"modules/{module}/internal/oracle/..."},
		Only:    []Pattern{"std", "./modules/{module}/internal/oracle/..."},
	},
	{
		Name:    "api is a leaf",
		Because: "other modules import it, and must not import this module's insides with it",
		In:      []Pattern{"modules/*/*api/..."},
		Only:    []Pattern{"std", "github.com/google/uuid", "./platform/events", "./platform/fault", "./platform/identity"},
	},
	{
		Name:    "adapters keep apart",
		Because: "an adapter can be swapped only while no other adapter leans on it",
		In:      []Pattern{"modules/{module}/internal/{adapter}/..."},
		Never: []Pattern{
			"./modules/{module}/internal/memory/...", "./modules/{module}/internal/sqlstore/...", "./modules/{module}/internal/rest/...",
			"./modules/{module}/internal/web/...", "./modules/{module}/internal/jobs/...",
		},
		Unless: []Pattern{"./modules/{module}/internal/{adapter}/..."},
	},
	{
		Name:    "modules meet in api packages",
		Because: "a module's api is all that it promises to others; tests may use the seams beside it",
		In:      []Pattern{"modules/{module}/..."},
		Tests:   true,
		Never:   []Pattern{"./modules/..."},
		Unless:  []Pattern{"./modules/{module}/...", "./modules/*/*api", "./modules/*/*test"},
	},
	{
		Name:    "platform knows no module",
		Because: "modules stand on the platform, never the other way round",
		In:      []Pattern{"platform/..."},
		Tests:   true,
		Never:   []Pattern{"./modules/...", "./cmd/..."},
	},
	{
		Name:    "nothing imports the program",
		Because: "the program assembles the modules and is the last thing built",
		In:      []Pattern{"modules/...", "platform/..."},
		Never:   []Pattern{"./cmd/...", "./test/..."},
	},
	{
		Name:    "fx only in the wiring",
		Because: "everything else is constructed by plain functions and must be usable without fx",
		In:      []Pattern{"..."},
		Except:  join([]Pattern{"modules/*/module.go", "platform/...", "cmd/..."}, testSeam),
		Never:   fx,
	},
	{
		Name:    "SQL only in stores",
		Because: "one place per module knows that there are tables",
		In:      []Pattern{"..."},
		Except:  join([]Pattern{"modules/*/internal/sqlstore/...", "platform/*/sqlstore/...", "platform/db/..."}, testSeam),
		Never:   join([]Pattern{"database/sql/..."}, sqlx, drivers, goose),
	},
	{
		Name:    "NATS only in its adapter",
		Because: "the database is the truth, and what carries events can be swapped",
		In:      []Pattern{"..."},
		Except:  []Pattern{"platform/events/broker/..."},
		Never:   []Pattern{"github.com/nats-io/..."},
	},
	{
		Name:    "HTTP only at the edge",
		Because: "a use case serves pages, JSON, jobs and commands alike",
		In:      []Pattern{"..."},
		Except: join([]Pattern{
			"modules/*/internal/rest/...", "modules/*/internal/web/...", "modules/*/internal/browser/...", "platform/*/rest/...", "platform/httpserver/...", "platform/metrics/...", "platform/profiling/...", "cmd/...",
		}, testSeam),
		Never: join(netHTTP, routers),
	},
	{
		Name:    "profiles on their own listener",
		Because: "whoever takes profiles looks into the program at work, so they must not get onto a listener that others reach",
		In:      []Pattern{"..."},
		Except:  []Pattern{"platform/profiling/..."},
		Tests:   true,
		Never:   []Pattern{"net/http/pprof"},
	},
	{
		Name:    "zap only where things run",
		Because: "what returns its errors has nothing to log",
		In:      []Pattern{"..."},
		Except:  join([]Pattern{"modules/*/internal/jobs/...", "platform/...", "cmd/..."}, testSeam),
		Never:   zap,
	},
	{
		Name:    "tests stay out of the product",
		Because: "test libraries and seams have no place in the binary",
		In:      []Pattern{"..."},
		Except:  testSeam,
		Never: join(testKits, []Pattern{
			"./modules/*/*test/...", "./modules/*/internal/contract/...", "./modules/*/internal/oracle/...",
			"./platform/*test/...", "./platform/.../*test/...", "./test/...",
		}),
	},
}

// vagueNames are names of packages and files that say nothing about what is inside, and so collect everything.
var vagueNames = []string{"common", "helper", "helpers", "misc", "util", "utils"}

func join(lists ...[]Pattern) []Pattern {
	var all []Pattern
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}
