package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"koprik/bot"
	"koprik/casework"
	"koprik/mahalla"
	"koprik/storage"
)

type inviteCommand struct {
	Role      string `help:"Role: ${roles}"`
	Territory string `help:"Code or name of the territory, for example DEMO-1011 or 1703."`
	File      string `help:"Instead of both, a CSV list with the columns role and territory (- is the standard input); the same list is printed with links."`
	Bot       string `help:"Name of the bot, when Telegram is not to be asked."`
}

// Run prints the link that gives somebody a role, or a list of them. All of a
// list are made, or none.
func (i inviteCommand) Run(c *call) error {
	o, err := i.offers(c)
	if err != nil {
		return err
	}
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	if err := o.find(c, h); err != nil {
		return err
	}
	name := i.Bot
	if name == "" {
		if name, err = botName(c.ctx, h); err != nil {
			return err
		}
	}
	now := c.now()
	err = h.db.InTx(c.ctx, func(tx *storage.Tx) error {
		for _, one := range o.list {
			token, err := h.desk.Invite(tx, one.role, one.place.ID, now)
			if err != nil {
				return err
			}
			one.link = "https://t.me/" + strings.TrimPrefix(name, "@") + "?start=i_" + token
		}
		return nil
	})
	if err != nil {
		return err
	}
	return o.print(c, h, stamp(now.Add(casework.InvitationLife))+" (Tashkent)")
}

// offers are the invitations that are asked for.
type offers struct {
	head []string // the first line of a list; nil on the command line
	list []*offer
}

type offer struct {
	at    string // "line 3: " of a list
	wrong error  // what is wrong with it
	cells []string
	role  mahalla.Role
	named string // the territory, as it was given
	place *mahalla.Territory
	link  string
}

// offers reads what is asked for.
func (i inviteCommand) offers(c *call) (*offers, error) {
	switch {
	case i.File != "" && i.Role+i.Territory != "":
		return nil, usage{errors.New("--file names roles and territories itself: leave --role and --territory out")}
	case i.File != "":
		raw, err := c.read(i.File)
		if err != nil {
			return nil, err
		}
		return readOffers(string(raw))
	case i.Role == "", i.Territory == "":
		return nil, usage{errors.New("give --role and --territory, or --file")}
	}
	one := &offer{named: i.Territory}
	return &offers{list: []*offer{one}}, one.parse("--role ", i.Role)
}

func (o *offer) parse(what, role string) (err error) {
	ok := false
	if o.role, ok = mahalla.ParseRole(role); !ok || o.role == mahalla.Resident {
		err = usage{fmt.Errorf("%s%q is not one of %s", what, role, roleNames())}
	}
	return err
}

// readOffers reads a list in UTF-8, with commas or semicolons, whose first line
// names the columns role and territory among others.
func readOffers(text string) (*offers, error) {
	text = strings.TrimPrefix(text, "\uFEFF")
	r := csv.NewReader(strings.NewReader(text))
	r.TrimLeadingSpace = true
	r.FieldsPerRecord = -1 // each line says for itself what is wrong with it
	if head, _, _ := strings.Cut(text, "\n"); strings.Count(head, ";") > strings.Count(head, ",") {
		r.Comma = ';'
	}
	head, err := r.Read()
	column := func(name string) int {
		return slices.IndexFunc(head, func(cell string) bool { return strings.EqualFold(strings.TrimSpace(cell), name) })
	}
	role, territory := column("role"), column("territory")
	if err != nil || role < 0 || territory < 0 {
		return nil, usage{errors.New("the first line of the list must name the columns role and territory")}
	}
	o := &offers{head: head}
	for {
		cells, err := r.Read()
		if wrong := (*csv.ParseError)(nil); errors.As(err, &wrong) {
			return nil, usage{fmt.Errorf("line %d: it has a quotation mark too many", wrong.StartLine)}
		}
		if err != nil { // the end
			break
		}
		line, _ := r.FieldPos(0)
		one := &offer{at: fmt.Sprintf("line %d: ", line), cells: cells}
		if len(cells) != len(head) {
			one.wrong = errors.New("it has not as many fields as the first line")
		} else {
			one.named = strings.TrimSpace(cells[territory])
			one.wrong = one.parse("the role ", strings.TrimSpace(cells[role]))
		}
		o.list = append(o.list, one)
	}
	if len(o.list) == 0 {
		return nil, errors.New("no rows: the list has a header and nobody")
	}
	return o, nil
}

// find looks up the places. Of a list it names every line that is wrong, for
// then nobody is invited.
func (o *offers) find(c *call, h *house) error {
	var wrong []error
	for _, one := range o.list {
		if one.wrong == nil {
			one.place, one.wrong = h.territory(one.named)
		}
		if one.wrong != nil {
			wrong = append(wrong, fmt.Errorf("%s%w", one.at, one.wrong))
		}
	}
	switch len(wrong) {
	case 0:
		return nil
	case 1:
		return usage{wrong[0]}
	}
	for _, err := range wrong {
		fmt.Fprintln(c.errs, err)
	}
	return usage{fmt.Errorf("%d lines are wrong: nobody was invited", len(wrong))}
}

// print says on stderr what was offered, so that the output is the link alone,
// or the list with its links.
func (o *offers) print(c *call, h *house, until string) error {
	for _, one := range o.list {
		fmt.Fprintf(c.errs, "%s%s at %s; for one person, until %s\n", one.at, one.role, h.placeName(one.place.ID), until)
		if seats := one.role.Seats(); !slices.Contains(seats, one.place.Kind) {
			fmt.Fprintf(c.errs, "%snote: %s is usually held at a %s, and %s is a %s; it counts there and below all the same\n",
				one.at, one.role, kinds(seats), one.place.Code, one.place.Kind)
		}
	}
	if o.head == nil {
		_, err := fmt.Fprintln(c.out, o.list[0].link)
		return err
	}
	w := csv.NewWriter(c.out)
	rows := [][]string{append(slices.Clone(o.head), "link", "until")}
	for _, one := range o.list {
		rows = append(rows, append(slices.Clone(one.cells), one.link, until))
	}
	return w.WriteAll(rows)
}

// kinds says "mahalla or sector".
func kinds(list []mahalla.TerritoryKind) string {
	var names []string
	for _, kind := range list {
		names = append(names, string(kind))
	}
	return strings.Join(names, " or ")
}

func roleNames() string {
	var names []string
	for _, r := range mahalla.InvitableRoles() {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

// botName asks Telegram for the bot's name.
func botName(ctx context.Context, h *house) (string, error) {
	if err := h.config.needToken(); err != nil {
		return "", fmt.Errorf("%w; or name the bot with --bot", err)
	}
	client, err := bot.NewClient(bot.ClientOptions{Token: h.config.Token, URL: h.config.APIURL})
	if err != nil {
		return "", err
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	_, name, err := client.Me(ctx)
	if err != nil {
		return "", fmt.Errorf("the bot's name is not to be had: %s; name it with --bot", telegramSays(err))
	}
	return name, nil
}

// telegramSays words why a call failed, for somebody who sets the bot up.
func telegramSays(err error) string {
	f := bot.FailureOf(err)
	switch {
	case f.Cause == bot.Unauthorized:
		return "the token is not known to Telegram"
	case f.Cause == bot.Unreachable || f.Cause == bot.TimedOut || f.Cause == bot.Cut:
		return "Telegram does not answer"
	case f.Cause == bot.Garbage:
		return "what answers at TELEGRAM_API_URL is not the Bot API"
	case f.Kind == bot.RetryAfter:
		return fmt.Sprintf("Telegram asks to wait for %s", f.Wait)
	}
	return "Telegram answers with " + string(f.Cause)
}
