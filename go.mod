module koprik

go 1.26.0

require (
	filippo.io/age v1.3.2 // encrypts backups
	codeberg.org/go-fonts/liberation v0.5.0 // letters of the weekly picture: Uzbek in both scripts, Russian
	codeberg.org/go-pdf/fpdf v0.12.0 // writes the minutes of meetings; only text and lines
	github.com/BurntSushi/toml v1.6.0
	github.com/alecthomas/kong v1.17.0
	github.com/alicebob/miniredis/v2 v2.40.0 // the Redis inside the process, for pilots and the demo
	github.com/arran4/golang-ical v0.3.4 // meetings for the calendars of phones
	github.com/caarlos0/env/v11 v11.4.2
	github.com/chromedp/chromedp v0.23.0 // browser tests of the demo page
	github.com/emersion/go-ical v0.0.0-20250329121855-f41e73efc392 // reads them back in tests
	github.com/fergusstrange/embedded-postgres v1.34.0 // only fetches PostgreSQL where there is none
	github.com/go-redis/redis_rate/v10 v10.0.1
	github.com/go-telegram/bot v1.23.0
	github.com/jackc/pgx/v5 v5.12.0
	github.com/nicksnyder/go-i18n/v2 v2.7.0
	github.com/paulmach/orb v0.14.0 // boundaries and pins: point in polygon, distance, WKB; not its geojson, which brings a database driver
	github.com/prometheus/client_golang v1.25.0
	github.com/redis/go-redis/v9 v9.23.0
	github.com/rivo/uniseg v0.4.7 // texts are cut at grapheme borders
	github.com/robfig/cron/v3 v3.0.1
	github.com/tink-crypto/tink-go/v2 v2.9.0
	golang.org/x/image v0.47.0 // reads those letters
	golang.org/x/text v0.43.0 // Windows-1251 lists, NFC
	gonum.org/v1/plot v0.17.0 // draws the weekly picture; only its canvas
	pgregory.net/rapid v1.3.0 // properties and state machines in tests
)

require (
	codeberg.org/go-latex/latex v0.2.0 // indirect
	filippo.io/hpke v0.4.0 // indirect
	git.sr.ht/~sbinet/gg v0.7.0 // indirect
	github.com/beorn7/perks v1.0.1 // indirect
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/chromedp/cdproto v0.159.0 // indirect
	github.com/go-json-experiment/json v0.0.0-20260213210345-44df1a37e875 // indirect
	github.com/golang/freetype v0.0.0-20170609003504-e2365dfdc4a0 // indirect
	github.com/jackc/pgpassfile v1.0.0 // indirect
	github.com/jackc/pgservicefile v0.0.0-20240606120523-5a60cdf6a761 // indirect
	github.com/jackc/puddle/v2 v2.2.3 // indirect
	github.com/lib/pq v1.10.9 // indirect
	github.com/munnerz/goautoneg v0.0.0-20191010083416-a7dc8b61c822 // indirect
	github.com/prometheus/client_model v0.6.3 // indirect
	github.com/prometheus/common v0.72.0 // indirect
	github.com/prometheus/procfs v0.22.0 // indirect
	github.com/teambition/rrule-go v1.8.2 // indirect
	github.com/xi2/xz v0.0.0-20171230120015-48954b6210f8 // indirect
	github.com/yuin/gopher-lua v1.1.1 // indirect
	go.uber.org/atomic v1.12.0 // indirect
	golang.org/x/crypto v0.55.0 // indirect
	golang.org/x/sync v0.24.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
)
