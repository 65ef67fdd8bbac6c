package handlers_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"koprik/bot/simulator"
	"koprik/casework"
	"koprik/handlers"
	"koprik/locales"
)

// typedWays is what a person writes in the place of each button; N is the number
// of a case. The play typed_ways shows them at work.
var typedWays = map[string][]string{
	casework.PressLanguage: {"/til ru"},
	casework.PressAgree:    {"/roziman"},
	casework.PressJoin:     {"/roziman", "/cancel"},
	casework.PressTest:     {"/tayyor"},
	casework.PressApprove:  {"/tanish", "/tanish 1", "/tanish 1 ha", "/tanish 1 yoʻq"},
	casework.PressAwait:    {"/tayyor"},
	casework.PressForget:   {"/ochirish", "/ochirish ha"},
	casework.PressList:     {"/mening 2", "/ishlar 2", "/kutilmoqda 2", "/navbat 2", "/kechikkan 2", "/mahallam 2", "/kun 2"},

	casework.PressCategory: {"/mavzu shovqin"},
	casework.PressMore:     {"/mavzu 2"},
	casework.PressPlace:    {"/joy Gʻuncha", "/joy 2", "/bilmayman Namuna"},
	casework.PressUnder:    {"/joy Namuna", "/joy 2"},
	casework.PressWhere:    {"/joy"},
	casework.PressUnknown:  {"/bilmayman"},
	casework.PressLocate:   {"/joy"}, // and a pin from the attachment menu
	casework.PressDrop:     {"/cancel"},
	casework.PressAddTo:    {"/qoshimcha N"},
	casework.PressMeToo:    {"/menham", "/menham 2", "/menham N", "/menham N 2"},
	casework.PressOther:    {"/boshqa", "/boshqa N"},
	casework.PressUnjoin:   {"/chiqish N"},

	casework.PressVeil:      {"/anonim", "/anonim ha", "/anonim yoq"},
	casework.PressTelling:   {"/yuborilsin", "/olib"},
	casework.PressReveal:    {"/tanishtirish N"},
	casework.PressRevealYes: {"/tanishtirish N ha"},

	casework.PressAdd:         {"/qoshimcha N"},
	casework.PressWithdraw:    {"/qaytarish N"},
	casework.PressWithdrawYes: {"/qaytarish N ha"},
	casework.PressJudge:       {"/hal N", "/qisman N sabab", "/qayta N sabab"},
	casework.PressRate:        {"/baho N 5"},
	casework.PressReopen:      {"/qayta N"},
	casework.PressOpen:        {"/karta N"},

	casework.PressPhone:  {"/raqam N", "/raqam yoq"},
	casework.PressSearch: {"/qidir"},
	casework.PressFound:  {"/qidir 2"},
	casework.PressOlder:  {"/eskiroq"},

	casework.PressAccept:  {"/qabul N"},
	casework.PressPromise: {"/vada N 25.11 15:00"},
	casework.PressClose:   {"/yop N"},
	casework.PressOutcome: {"/yop N bayonnoma: natija"},
	casework.PressBack:    {"/karta N"},

	casework.PressAsk:    {"/sora N savol"},
	casework.PressAnswer: {"/javob N", "/javob N javob"},
	casework.PressBehalf: {"/nomidan", "/nomidan Karim aka +998901234567", "/nomidan ismsiz", "/nomidan koʻrdim", "/nomidan yoʻq"},
	casework.PressRead:   {"/oqish", "/oqish N"},
	casework.PressPutOff: {"/keyin", "/keyin 20:00", "/keyin N 20:00"},
	casework.PressWipe:   {"/tozala", "/tozala N"},
	casework.PressKept:   {"/bordim N"},
	casework.PressNote:   {"/izoh N matn"},
	casework.PressLook:   {"/batafsil N", "/batafsil N javob"},
	casework.PressUndo:   {"/bekor N"},

	casework.PressConfirm: {"/tasdiq N"},
	casework.PressReject:  {"/rad N sabab"},

	casework.PressTell:    {"/yop N bayonnoma: 2"},
	casework.PressNoPhoto: {"/yop N surat yoʻq: sabab"},

	casework.PressNotMine:   {"/otkaz N"},
	casework.PressTransfer:  {"/otkaz N Chinor", "/emas N"},
	casework.PressOfferTo:   {"/otkaz N Chinor"},
	casework.PressOffer:     {"/qabul N", "/rad N"},
	casework.PressGive:      {"/ber N", "/ber N 2", "/qabul N"},
	casework.PressNudge:     {"/turtki N"},
	casework.PressDuplicate: {"/takror N M", "/takror N"},

	casework.PressAgenda: {"/komissiya N"},
	casework.PressItem: {"/komissiya N", "/komissiya N ha", "/komissiya N yoʻq", "/komissiya N rozi Karim aka", "/komissiya N rozi emas",
		"/komissiya N havola", "/komissiya N havola yoʻq", "/komissiya N vositachi", "/komissiya N vositachi yoʻq", "/komissiya N qaytarish"},
	casework.PressParty: {"/murosa ha", "/murosa yoʻq"},

	casework.PressAbsence:    {"/yoqman", "/yoqman 25.11-30.11"},
	casework.PressSubstitute: {"/orinbosar 2"},
	casework.PressStandIn:    {"/orinbosar ha", "/orinbosar yoq"},
	casework.PressReturn:     {"/keldim"},
	casework.PressHandOn:     {"/topshir N"},
	casework.PressHandAll:    {"/topshir"},

	casework.PressICS:            {"/ics"},
	casework.PressSeries:         {"/muntazam", "/muntazam yangi", "/muntazam har dushanba 10:00", "/muntazam ha", "/muntazam bayram", "/muntazam 12.12", "/muntazam oʻchir", "/muntazam 2", "/cancel"},
	casework.PressFeed:           {"/taqvim yangi", "/taqvim ochir"},
	casework.PressSnooze:         {"/kechroq", "/kechroq 15:00"},
	casework.PressHush:           {"/kelmasin"},
	casework.PressReminders:      {"/eslatma", "/eslatma yangi", "/eslatma 2", "/eslatma 2 toʻxtat", "/eslatma payshanba yoʻq"},
	casework.PressCompose:        {"/eslatma har dushanba 09:00 | inspektorlar | matn", "/eslatma ha", "/eslatma bayram", "/cancel"},
	casework.PressHeld:           {"/bayonnoma", "/bayonnoma 2", "/natija 1", "/keldi", "/bayonnoma qarorlar"},
	casework.PressCame:           {"/keldi 1 2", "/keldi hammasi", "/kelmadi 3"},
	casework.PressSide:           {"/tomon 1 1 2"},
	casework.PressEnd:            {"/natija 1 kelishildi"},
	casework.PressItemNote:       {"/natija 1: izoh"},
	casework.PressFinish:         {"/yakun", "/yakun ha"},
	casework.PressNotHeld:        {"/yakun yoʻq"},
	casework.PressDecide:         {"/qaror 1", "/qaror 1 nima qilinadi; kim; 25.12"},
	casework.PressWho:            {"/qaror 1 nima qilinadi; 2; 25.12"},
	casework.PressDay:            {"/qaror 1 nima qilinadi; kim; 25.12"},
	casework.PressUnmake:         {"/qarorsiz 2"},
	casework.PressDone:           {"/bajarildi 2"},
	casework.PressLater:          {"/muddat 2 25.12"},
	casework.PressGrant:          {"/muddat 2 ha", "/muddat 2 yoʻq"},
	casework.PressOpenOf:         {"/muddat 2"},
	casework.PressSend:           {"/bayonnoma yubor"},
	casework.PressSign:           {"/bayonnoma tasdiq"},
	casework.PressRemark:         {"/bayonnoma izoh matn"},
	casework.PressCorrect:        {"/bayonnoma tuzatish matn"},
	casework.PressPaper:          {"/bayonnoma pdf"},
	casework.PressMeetNew:        {"/majlis 2"},
	casework.PressMeetDay:        {"/majlis 12.12"},
	casework.PressMeetClock:      {"/majlis 10:00"},
	casework.PressMeetPlace:      {"/majlis joy", "/majlis joy Mahalla idorasi"},
	casework.PressMeetItem:       {"/majlis masala 2", "/majlis masala N"},
	casework.PressMeetMember:     {"/majlis aʼzo 2"},
	casework.PressMeetStep:       {"/majlis davom", "/majlis orqaga", "/majlis davom 2", "/cancel"},
	casework.PressMeetCall:       {"/majlis chaqir"},
	casework.PressMeetDrop:       {"/majlis oʻchir"},
	casework.PressMeetRSVP:       {"/boraman", "/boraman 2", "/borolmayman", "/boshqavaqt 14.12 11:00"},
	casework.PressComing:         {"/boraman 2", "/borolmayman 2"},
	casework.PressMeetOpen:       {"/majlislar"},
	casework.PressMeetPage:       {"/majlislar 2"},
	casework.PressMeetSubstitute: {"/ornimga 1", "/majlis oʻrinbosar 1 2"},
	casework.PressMeetConflict:   {"/manfaat N", "/manfaat N ism"},
	casework.PressMeetNudge:      {"/majlis eslat"},
	casework.PressMeetMove:       {"/majlis koʻchir 14.12 11:00", "/majlis koʻchir 14.12 11:00 ha"},
	casework.PressMeetCancel:     {"/majlis bekor sabab"},
	casework.PressMeetAgenda:     {"/majlis masala", "/majlis masala 1", "/majlis masala N ha"},
	casework.PressMeetRecord:     {"/majlis javob 1 ha", "/majlis javob 1 yoʻq"},
	casework.PressMeetBack:       {"/cancel", "/majlislar"},
}

// buttonVerbs finds the verb of every button that casework draws.
func buttonVerbs(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../casework/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var verbs []string
	for _, file := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || !strings.HasPrefix(spec.Names[0].Name, "Press") || len(spec.Values) != 1 {
				return true
			}
			if lit, ok := spec.Values[0].(*ast.BasicLit); ok {
				verb, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				verbs = append(verbs, verb)
			}
			return true
		})
	}
	return verbs
}

func TestEveryButtonHasATypedWay(t *testing.T) {
	t.Parallel()
	verbs := buttonVerbs(t)
	if len(verbs) < 20 {
		t.Fatalf("only %d verbs were found", len(verbs))
	}
	catalogue, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	stems, err := locales.EmergencyStems()
	if err != nil {
		t.Fatal(err)
	}
	known := handlers.Router(casework.NewDesk(catalogue, stems, nil)).Commands()
	for _, verb := range verbs {
		if len(typedWays[verb]) == 0 {
			t.Errorf("the button %q has no typed way", verb)
		}
	}
	for verb, ways := range typedWays {
		if !slices.Contains(verbs, verb) {
			t.Errorf("there is no button %q", verb)
		}
		for _, way := range ways {
			command, _, _ := strings.Cut(strings.TrimPrefix(way, "/"), " ")
			if !slices.Contains(known, command) {
				t.Errorf("%q: there is no command /%s", verb, command)
			}
		}
	}
}

// Typed pages of lists, where the play has too few cases to turn one.
func TestTheTypedPageOfAListIsThePressedOne(t *testing.T) {
	t.Parallel()
	s := newStage(t, monday)
	u := s.known("Resident")
	for range 6 {
		u.Text("Shovqin bor")
		u.Text("/joy Gʻuncha")
		u.Text("/mavzu shovqin")
		s.settle()
	}
	shown := func() string {
		messages := u.Messages()
		return messages[len(messages)-1].Text
	}
	u.Text("/mening")
	s.settle()
	first := shown()
	s.press(u, "▶")
	pressed := list(u)
	u.Text("/mening 2")
	s.settle()
	if typed := shown(); typed != pressed || typed == first {
		t.Errorf("got %q, want %q", typed, pressed)
	}
	for _, odd := range []string{"/mening 0", "/mening -3", "/mening x", "/mening 99999999999999999999", "/mening 1"} {
		u.Text(odd)
		s.settle()
		if got := shown(); got != first {
			t.Errorf("%s: got %q, want the first page", odd, got)
		}
	}
}

// list is the newest message with a page on it.
func list(u *simulator.User) string {
	for _, m := range slices.Backward(u.Messages()) {
		if m.FromBot && strings.Contains(m.Text, "2 / 2") {
			return m.Text
		}
	}
	return ""
}

func TestEveryCommandIsInTheList(t *testing.T) {
	t.Parallel()
	list, err := os.ReadFile("../docs/commands.md")
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	commands := handlers.Router(casework.NewDesk(catalogue, nil, nil)).Commands()
	for _, name := range commands {
		if !strings.Contains(string(list), "/"+name) {
			t.Errorf("docs/commands.md does not have /%s", name)
		}
	}
	if len(commands) < 40 {
		t.Errorf("only %d commands were found", len(commands))
	}
}
