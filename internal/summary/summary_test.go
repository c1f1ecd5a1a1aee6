package summary

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

func article(text string) newsletter.Article { return newsletter.Article{ID: "desk/one", Text: text} }

const (
	rise     = "Bread rose by a tenth on Monday in every bakery of the capital."
	minister = "The minister of trade, Jane Doe, promised bakers help with the price of gas."
	bakers   = "Bakers of the capital blame the price of gas and of flour for the rise."
)

func TestNever(t *testing.T) {
	tests := []struct {
		name, text, never, why string
	}{
		{"a pronoun without its noun", rise + " It rained hard. She said the bread of the capital was too dear for bakers.", "She said", "leans"},
		{"a connective", "Bread rises\n\n" + rise + " Nobody minded that at all. However, bakers of the capital were happy about bread.", "However", "leans"},
		{"a connective with a pronoun", rise + " Nobody minded that at all. Meanwhile, she left the bakery of the capital.", "Meanwhile", "leans"},
		{"a pronoun behind the comma", rise + " Nobody minded that at all. On Monday, he left the bakery of the capital.", "On Monday, he", "leans"},
		{"a pronoun in a clause", rise + " Nobody minded that at all. When she left the bakery of the capital, the price of bread was too dear.", "When she", "leans"},
		{"somebody by age alone", rise + " Nobody minded that at all. The 34-year-old bakes the bread of the capital.", "34-year-old", "leans"},
		{"some of those before", rise + " Nobody minded that at all. Some said the bread of the capital was too dear.", "Some said", "leans"},
		{"a lone quotation", rise + " “The price of bread in the capital is a scandal.” " + bakers, "scandal", "speaker"},
		{"a quotation of a pronoun", rise + " Nobody minded that at all. “The price of bread is a scandal,” he said.", "scandal", "leans"},
		{"a caption with a credit", rise + "\n\nA baker of the capital who is showing the price of his bread(Bread Co.)\n\n" + bakers, "showing the price", "caption"},
		{"a caption", rise + "\n\nBakers of the capital (pictured) with their bread on Monday.\n\n" + bakers, "pictured", "caption"},
		{"a question at the start", "Who pays for bread in the capital? " + rise, "Who pays", "question"},
		{"a cut sentence", "blames the price of bread on bakers. " + rise, "blames the price", "cut"},
		{"half a quotation", "“The price of bread is what bakers say it is. " + rise, "what bakers say", "cut"},
		{"the same again", rise + "\n\n" + bakers + "\n\n" + rise, "", "said before"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := Summarize([]newsletter.Article{article(tt.text)}, Options{Sentences: 1, Language: "en"})
			if tt.never != "" && strings.Contains(s.Text(), tt.never) {
				t.Errorf("the summary has it: %q", s.Text())
			}
			found := false
			for _, p := range s.Passed {
				found = found || strings.Contains(p.Why, tt.why) && strings.Contains(p.Text, tt.never)
			}
			if !found {
				t.Errorf("nothing says why %q was passed over: %+v", tt.never, s.Passed)
			}
		})
	}
}

func TestSummarize(t *testing.T) {
	other := newsletter.Article{ID: "agency/two", Text: rise + " Flour from the mills of the north costs twice as much as a year ago, says the guild."}
	tests := []struct {
		name     string
		articles []newsletter.Article
		options  Options
		want     string
	}{
		{"no article", nil, Options{Words: 20}, ""},
		{"nothing", []newsletter.Article{article(" \n\n ")}, Options{Words: 20}, ""},
		{"white space is folded", []newsletter.Article{article("Bread rose\n by a\ttenth on Monday.")}, Options{Words: 20}, "Bread rose by a tenth on Monday."},
		{"longer than the budget", []newsletter.Article{article(rise)}, Options{Words: 3}, rise},
		{"the shortest where none fits", []newsletter.Article{article(minister + " " + rise)}, Options{Words: 3}, rise},
		{"only a heading", []newsletter.Article{article("Bread rises")}, Options{Words: 20}, "Bread rises"},
		{"only questions", []newsletter.Article{article("Who pays for bread? Why do they?")}, Options{Sentences: 1}, "Who pays for bread?"},
		{"two articles", []newsletter.Article{article(rise), other}, Options{Words: 60}, rise + " Flour from the mills of the north costs twice as much as a year ago, says the guild."},
		{"two articles with the same words", []newsletter.Article{article(rise), {ID: "agency/two", Text: bakers + " " + rise}}, Options{Sentences: 2}, rise + " " + bakers},
		{"heading, topics, byline, date line", []newsletter.Article{article("Stay Informed\n\nEurope Ukraine\n\nBy Jane Doe.\n\nPUBLISHED: 14:11 CET, 25 October 2025.\n\n" + rise)}, Options{Words: 60}, rise},
		{"scripts without spaces", []newsletter.Article{article("昨日は雨が降りました。今日は晴れています。")}, Options{Words: 6}, "昨日は雨が降りました。"},
		{"the antecedent brings its pronoun", []newsletter.Article{article(minister + " She met them on Monday.")}, Options{Sentences: 2}, minister + " She met them on Monday."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Summarize(tt.articles, tt.options).Text(); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// The chosen sentences of scripts without spaces are whole, and few.
func TestScriptsWithoutSpaces(t *testing.T) {
	tests := []struct{ name, text, never string }{
		{"Chinese", "首都面包价格周一上涨了一成，这是十年来最大的涨幅。他对此并不感到意外。面包师协会表示，天然气和面粉的成本比一年前翻了一番。“我们没有别的办法。”协会主席李明说。贸易部长承诺帮助首都的面包师支付天然气费用。", "他对此"},
		{"Japanese", "首都のパンの価格は月曜日に一割上がり、十年で最大の値上がりとなった。しかし誰も驚かなかった。製パン協会は、ガスと小麦粉の費用が一年前の二倍になったと説明している。「ほかに方法がない。とても残念だ。」と会長は話した。貿易大臣は首都のパン屋を支援すると約束した。", "しかし"},
		{"Thai", "ราคาขนมปังในเมืองหลวงเพิ่มขึ้นร้อยละสิบเมื่อวันจันทร์ซึ่งเป็นการเพิ่มขึ้นมากที่สุดในรอบสิบปี เขาไม่แปลกใจกับเรื่องนี้เพราะราคาแก๊สและแป้งสูงขึ้นมาหลายเดือนแล้วทั่วประเทศ สมาคมคนทำขนมปังกล่าวว่าต้นทุนแก๊สและแป้งเพิ่มขึ้นเป็นสองเท่าจากปีที่แล้ว รัฐมนตรีกระทรวงพาณิชย์สัญญาว่าจะช่วยคนทำขนมปังในเมืองหลวงจ่ายค่าแก๊ส", "เขาไม่แปลกใจ"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := Summarize([]newsletter.Article{article(tt.text)}, Options{Words: 32})
			if n := countWords(s.Text()); len(s.Quotes) == 0 || n > 32 || n < 10 {
				t.Errorf("%d sentences, %d words: %q", len(s.Quotes), n, s.Text())
			}
			_, rest, _ := strings.Cut(tt.text, tt.never)
			alone := Summarize([]newsletter.Article{article(tt.never + rest)}, Options{Words: 32})
			if strings.HasPrefix(alone.Text(), tt.never) {
				t.Errorf("leans on what is left out: %q", alone.Text())
			}
		})
	}
}

func TestWallsOfText(t *testing.T) {
	const size = 200_000
	tests := []struct{ name, wall string }{
		{"no space", strings.Repeat("bread", size/5)},
		{"no stop", strings.Repeat("bread is dear and ", size/18)},
		{"a stop at the end", strings.Repeat("bread is dear and ", size/18) + "so it goes."},
		{"Chinese without a stop", strings.Repeat("面包很贵", size/12)},
		{"a quotation without end", "“" + strings.Repeat("Bread is dear, ", size/15) + "he said.”"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, o := range []Options{{Words: 60}, {Sentences: 3}} {
				if got := Summarize([]newsletter.Article{article(tt.wall)}, o).Text(); len(got) > 1000 {
					t.Errorf("a summary of %d bytes: %.80q", len(got), got)
				}
				s := Summarize([]newsletter.Article{article(tt.wall + "\n\n" + rise)}, o)
				if s.Text() != rise {
					t.Errorf("the summary is %d bytes: %.80q", len(s.Text()), s.Text())
				}
				if len(s.Passed) == 0 || s.Passed[0].Why == "" {
					t.Error("nothing says why the wall was passed over")
				}
			}
		})
	}
}

func TestSummaryOfAPastedArticle(t *testing.T) {
	const file = "../../../shared/data/seed/000_57b6f2f7c177d487.txt"
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the article is not here: " + file)
	}
	text := Summarize([]newsletter.Article{article(string(data))}, Options{Words: 60}).Text()
	if n := countWords(text); err != nil || n > 60 || n < 40 {
		t.Errorf("the summary has %d words: %q, %v", n, text, err)
	}
	for _, never := range []string{"Get Informed", "Europe Ukraine", "Investigators work"} {
		if strings.Contains(text, never) {
			t.Errorf("the summary has %q: %q", never, text)
		}
	}
}

// texts of every set, or a skip.
func corpus(t testing.TB) []string {
	t.Helper()
	files, _ := filepath.Glob("../../../shared/data/summaries/*.jsonl")
	if len(files) == 0 {
		t.Skip("the articles are not here: ../../../shared/data/summaries")
	}
	var all []string
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<22)
		for lines.Scan() {
			var row struct{ Text string }
			if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
				t.Fatal(err)
			}
			all = append(all, row.Text)
		}
	}
	return all
}

// checkVerbatim holds a summary against its articles.
func checkVerbatim(t testing.TB, articles []newsletter.Article, s Summary) {
	t.Helper()
	texts := map[string]string{}
	for _, a := range articles {
		texts[a.ID] = a.Text
	}
	for _, q := range s.Quotes {
		text := texts[q.Article]
		if q.Start < 0 || q.End > len(text) || q.Start >= q.End || fold(text[q.Start:q.End]) != q.Text || hash(text) != q.Hash {
			t.Fatalf("not verbatim: %+v", q)
		}
	}
}

func TestEverySummaryIsVerbatimAndTheSameAgain(t *testing.T) {
	for _, text := range corpus(t) {
		articles := []newsletter.Article{article(text)}
		for _, o := range []Options{{Sentences: 3}, {Words: 60}} {
			s := Summarize(articles, o)
			checkVerbatim(t, articles, s)
			if n := len(s.Quotes); n == 0 || o.Sentences > 0 && n > o.Sentences {
				t.Fatalf("%d sentences of %q", n, text)
			}
			if o.Words > 0 && len(s.Quotes) > 1 && countWords(s.Text()) > o.Words {
				t.Fatalf("%d words: %q", countWords(s.Text()), s.Text())
			}
			if diff := cmp.Diff(s, Summarize(articles, o)); diff != "" {
				t.Fatalf("not the same again:\n%s", diff)
			}
		}
	}
}

func TestLanguage(t *testing.T) {
	tests := []struct{ want, text string }{
		{"en", "The bakers of the capital say that bread is too dear for most people."},
		{"de", "Die Bäcker der Hauptstadt sagen, dass das Brot für die meisten Leute zu teuer ist."},
		{"fr", "Les boulangers de la capitale disent que le pain est trop cher pour la plupart des gens."},
		{"es", "Los panaderos de la capital dicen que el pan es demasiado caro para la mayoría de la gente."},
		{"it", "I panettieri della capitale dicono che il pane è troppo caro per la maggior parte della gente."},
		{"nl", "De bakkers van de hoofdstad zeggen dat het brood te duur is voor de meeste mensen."},
		{"", "Os padeiros da capital dizem que o pão é caro demais para a maioria das pessoas e não vão mudar."},
		{"", "Bagarna i huvudstaden säger att brödet är för dyrt för de flesta och det kommer inte att ändras."},
		{"", "Bagerne i hovedstaden siger, at brødet er for dyrt til de fleste, og det bliver ikke bedre."},
		{"", "Piekarze w stolicy mówią, że chleb jest za drogi dla większości ludzi i nie będzie tańszy."},
		{"", "Пекари столицы говорят, что хлеб слишком дорог для большинства людей."},
		{"ja", "首都のパン屋は、パンがほとんどの人にとって高すぎると言っている。"},
		{"zh", "首都的面包师说，面包对大多数人来说太贵了。"},
		{"ko", "수도의 제빵사들은 빵이 대부분의 사람들에게 너무 비싸다고 말한다."},
		{"th", "คนทำขนมปังในเมืองหลวงบอกว่าขนมปังแพงเกินไปสำหรับคนส่วนใหญ่"},
		{"", "Lorem ipsum"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := Language(tt.text); got != tt.want {
			t.Errorf("Language(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func BenchmarkSummarize(b *testing.B) {
	articles := []newsletter.Article{article(strings.Join(report(), " "))}
	b.ReportAllocs()
	b.SetBytes(int64(len(articles[0].Text)))
	before := processorTime()
	for b.Loop() {
		Summarize(articles, Options{Words: 60})
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
	if used := processorTime() - before; used > 0 {
		b.ReportMetric(float64(b.N)/used.Seconds(), "articles/cpu-s")
	}
}

// report makes an article of 600 words.
func report() []string {
	who := []string{"The minister", "A baker", "Dr. Jane E. Smith", "The guild of millers", "A court in the U.S."}
	did := []string{"promised", "asked for", "denied", "welcomed", "delayed"}
	what := []string{"a lower price of bread", "help with the cost of gas", "new rules for flour", "a report of 7.5 percent", "talks with the farmers of the north"}
	var all []string
	words := 0
	for i := 0; words < 600; i++ {
		s := who[i%5] + " " + did[(i/2)%5] + " " + what[(i/3)%5] + " on Jan. " + string(rune('1'+i%9)) + ", which " + who[(i+2)%5] + " and many others " + did[(i+1)%5] + " a year ago."
		if i%4 == 3 {
			s = "“" + s[:len(s)-1] + ",” he said. Nobody disagreed."
		}
		words += len(strings.Fields(s))
		all = append(all, s)
	}
	return all
}
