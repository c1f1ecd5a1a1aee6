package render

import (
	"bytes"
	"context"
	"encoding/base64"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"broadsheet/internal/newsletter"
)

var keepLooks = flag.String("looks", "", "a folder to keep the pictures of the themes in, at full size")

// A look is one way in which a letter is seen.
type look struct {
	name   string
	width  int64
	dark   bool
	images bool
	issue  func() (*newsletter.Publication, *newsletter.Issue)
}

var looks = []look{
	{"desktop", 800, false, true, english},
	{"phone", 400, false, true, english},
	{"dark", 800, true, true, english},
	{"phone-dark", 400, true, true, english},
	{"rtl", 800, false, true, hebrew},
	{"no-images", 800, false, false, english},
}

// TestLooks holds the built-in themes against pictures of them, and every text
// in them to what can be read. The pictures are taken in Chromium with the
// fonts of the packages fonts-liberation and fonts-dejavu-core.
func TestLooks(t *testing.T) {
	ctx := browser(t)
	for _, theme := range builtins {
		for _, l := range looks {
			t.Run(theme+"/"+l.name, func(t *testing.T) {
				pub, is := l.issue()
				p, err := New(pub, withHebrew(t, theme), is, "", nonce)
				if err != nil {
					t.Fatal(err)
				}
				letter, _, _ := cut(t, p, "all")
				open(ctx, t, l, letter)
				comparePicture(t, theme+"-"+l.name, picture(ctx, t))
				for _, complaint := range evaluate[[]string](ctx, t, unreadable) {
					t.Error(complaint)
				}
				if wide := evaluate[int](ctx, t, "document.documentElement.scrollWidth"); wide > int(l.width) {
					t.Errorf("the letter is %d px wide and has to be scrolled at %d", wide, l.width)
				}
			})
		}
	}
}

// TestScreenshots takes the pictures of the themes that the README shows.
func TestScreenshots(t *testing.T) {
	if os.Getenv("BROADSHEET_SCREENSHOTS") == "" {
		t.Skip("takes the README's pictures only with BROADSHEET_SCREENSHOTS=1: make screenshots")
	}
	ctx := browser(t)
	for _, shot := range []struct {
		theme, name string
		look        look
		height      int64
		scale       float64
	}{
		{"magazine", "screenshot", look{width: 720, images: true, issue: english}, 842, 1.5},
		{"plain", "screenshot-phone-dark", look{width: 400, images: true, dark: true, issue: english}, 852, 1},
		{"magazine", "screenshot-phone-dark", look{width: 400, images: true, dark: true, issue: english}, 852, 1},
		{"magazine", "screenshot-phone-rtl", look{width: 400, images: true, issue: hebrew}, 852, 1},
	} {
		pub, is := shot.look.issue()
		p, err := New(pub, withHebrew(t, shot.theme), is, "", nonce)
		if err != nil {
			t.Fatal(err)
		}
		letter, _, _ := cut(t, p, "all")
		open(ctx, t, shot.look, letter)
		do(ctx, t, chromedp.EmulateViewport(shot.look.width, shot.height, chromedp.EmulateScale(shot.scale)))
		picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		writePicture(t, filepath.Join("..", "..", "templates", shot.theme, shot.name+".png"), decode(t, bytes.NewReader(picture)))
	}
}

// unreadable lists the texts that WCAG 2.2 calls hard to read (1.4.3), that are
// smaller than 14 px, and pictures without a text in their place.
const unreadable = `(() => {
  const parts = color => color.match(/[\d.]+/g).map(Number);
  const luminance = color => parts(color).slice(0, 3).map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const color = getComputedStyle(e).backgroundColor;
      if ((parts(color)[3] ?? 1) > 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const said = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const words = texts.currentNode.data.trim(), e = texts.currentNode.parentElement;
    if (!words || !e.checkVisibility()) continue;
    const style = getComputedStyle(e), [a, b] = [luminance(style.color), luminance(behind(e))].sort();
    if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5) said.push("hard to read: " + style.color + " on " + behind(e) + ": " + words);
    if (parseFloat(style.fontSize) < 14) said.push("too small: " + style.fontSize + ": " + words);
  }
  for (const img of document.images) if (!img.alt) said.push("a picture without words: " + img.outerHTML.slice(0, 80));
  return said;
})()`

// TestAxe holds the themes to the rules of axe-core, where that is installed.
func TestAxe(t *testing.T) {
	file := os.Getenv("BROADSHEET_AXE")
	if file == "" {
		t.Skip("BROADSHEET_AXE names no axe.min.js; get one with: npm pack axe-core")
	}
	axe, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ctx := browser(t)
	for _, theme := range builtins {
		for _, l := range looks {
			pub, is := l.issue()
			p, err := New(pub, withHebrew(t, theme), is, "", nonce)
			if err != nil {
				t.Fatal(err)
			}
			letter, _, _ := cut(t, p, "all")
			open(ctx, t, l, letter)
			do(ctx, t, chromedp.Evaluate[chromedp.Void](string(axe)))
			// A letter is no page: it is read inside one, which has the landmarks.
			for _, violation := range evaluate[[]string](ctx, t, `axe.run({rules: {"landmark-one-main": {enabled: false}, region: {enabled: false}}})
				.then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.html)))`, chromedp.EvalAwaitPromise) {
				t.Errorf("%s/%s: %s", theme, l.name, violation)
			}
		}
	}
}

// fonts leave the browser no choice of fonts but the two packages'.
const fonts = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
<dir>/usr/share/fonts/truetype/liberation</dir>
<dir>/usr/share/fonts/truetype/dejavu</dir>
<cachedir>%s</cachedir>
<alias binding="same"><family>Georgia</family><prefer><family>Liberation Serif</family></prefer></alias>
<alias binding="same"><family>Helvetica</family><prefer><family>Liberation Sans</family></prefer></alias>
<alias binding="same"><family>Arial</family><prefer><family>Liberation Sans</family></prefer></alias>
</fontconfig>`

// browser starts one. Where it or its fonts are missing the test is skipped, but
// for continuous integration, where it fails.
func browser(t *testing.T) context.Context {
	t.Helper()
	lack := func(what string) {
		if os.Getenv("CI") != "" {
			t.Fatal(what)
		}
		t.Skip(what)
	}
	path, err := exec.LookPath("chromium")
	if err != nil {
		lack("there is no Chromium; on Debian: apt-get install chromium")
	}
	for _, font := range []string{"liberation/LiberationSerif-Regular.ttf", "dejavu/DejaVuSans.ttf"} {
		if _, err := os.Stat("/usr/share/fonts/truetype/" + font); err != nil {
			lack("there is no font to compare with; on Debian: apt-get install fonts-liberation fonts-dejavu-core")
		}
	}
	conf := filepath.Join(t.TempDir(), "fonts.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, fonts, t.TempDir()), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("FONTCONFIG_FILE", conf)
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("font-render-hinting", "none"), chromedp.Flag("disable-lcd-text", true), chromedp.Flag("hide-scrollbars", true))...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

func do(ctx context.Context, t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

func evaluate[T any](ctx context.Context, t *testing.T, script string, options ...chromedp.EvaluateOption) T {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, options...))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

var remotePicture = regexp.MustCompile(`src="https://[^"]*/(\w+)\.jpg"`)

// open shows a letter as the look wants it seen. Pictures that would come from
// the web are drawn here, or stay away.
func open(ctx context.Context, t *testing.T, l look, letter string) {
	t.Helper()
	letter = remotePicture.ReplaceAllStringFunc(letter, func(src string) string {
		if !l.images {
			return `src="data:image/png,"`
		}
		return `src="data:image/png;base64,` + base64.StdEncoding.EncodeToString(landscape(t, remotePicture.FindStringSubmatch(src)[1])) + `"`
	})
	file := filepath.Join(t.TempDir(), "letter.html")
	if err := os.WriteFile(file, []byte(letter), 0o600); err != nil {
		t.Fatal(err)
	}
	scheme := map[bool]string{false: "light", true: "dark"}[l.dark]
	prefer := func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return chromedp.Void{}, err
	}
	do(ctx, t, chromedp.EmulateViewport(l.width, 900), prefer, chromedp.Navigate("file://"+file))
}

func picture(ctx context.Context, t *testing.T) *image.NRGBA {
	t.Helper()
	shot, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, bytes.NewReader(shot))
}

func decode(t *testing.T, r io.Reader) *image.NRGBA {
	t.Helper()
	img, err := png.Decode(r)
	if err != nil {
		t.Fatal(err)
	}
	plain := image.NewNRGBA(img.Bounds())
	draw.Draw(plain, plain.Rect, img, img.Bounds().Min, draw.Src)
	return plain
}

// comparePicture holds a picture against the golden one, which is kept at half
// its size. Letters may be drawn a little differently by another version of the
// browser; a line, a colour or a picture that is not where it was shows.
func comparePicture(t *testing.T, name string, full *image.NRGBA) {
	t.Helper()
	if *keepLooks != "" {
		writePicture(t, filepath.Join(*keepLooks, name+".png"), full)
	}
	got := shrink(full, 2)
	file := filepath.Join("testdata", "looks", name+".png")
	if *update {
		writePicture(t, file, got)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if share := difference(decode(t, f), got); share > tolerance {
		kept := filepath.Join(os.TempDir(), "broadsheet-look-"+name+".png")
		writePicture(t, kept, full)
		t.Errorf("%.1f %% of the letter look different from %s; it looks like %s (-update accepts it)", 100*share, file, kept)
	}
}

// tolerance is the share of a picture that may be different.
const tolerance = 0.01

// difference is the share of squares of eight by eight pixels whose colour is
// not the same, of both pictures' whole area.
func difference(a, b *image.NRGBA) float64 {
	const square, least = 8, 16
	a, b = shrink(a, square), shrink(b, square)
	width, height := max(a.Bounds().Dx(), b.Bounds().Dx()), max(a.Bounds().Dy(), b.Bounds().Dy())
	different := 0
	for y := range height {
		for x := range width {
			p, q := rgb(a, x, y), rgb(b, x, y)
			for i := range p {
				if math.Abs(float64(p[i])-float64(q[i])) > least {
					different++
					break
				}
			}
		}
	}
	return float64(different) / float64(width*height)
}

func rgb(img *image.NRGBA, x, y int) [3]uint8 {
	c := img.NRGBAAt(x, y)
	return [3]uint8{c.R, c.G, c.B}
}

// shrink makes one pixel of each square of by pixels; what is over falls away.
func shrink(img *image.NRGBA, by int) *image.NRGBA {
	small := image.NewNRGBA(image.Rect(0, 0, img.Bounds().Dx()/by, img.Bounds().Dy()/by))
	for y := range small.Rect.Dy() {
		for x := range small.Rect.Dx() {
			var sum [3]int
			for i := range by * by {
				for channel, value := range rgb(img, x*by+i%by, y*by+i/by) {
					sum[channel] += int(value)
				}
			}
			n := by * by
			small.SetNRGBA(x, y, color.NRGBA{uint8(sum[0] / n), uint8(sum[1] / n), uint8(sum[2] / n), 255})
		}
	}
	return small
}

func writePicture(t *testing.T, file string, img image.Image) {
	t.Helper()
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// landscape draws hills below a sky, other ones for every name.
func landscape(t *testing.T, name string) []byte {
	t.Helper()
	const width, height = 640, 320
	seed := 0.0
	for _, r := range name {
		seed += float64(r)
	}
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	mix := func(a, b [3]float64, share float64) color.NRGBA {
		at := func(i int) uint8 { return uint8(a[i] + (b[i]-a[i])*share) }
		return color.NRGBA{at(0), at(1), at(2), 255}
	}
	for y := range height {
		for x := range width {
			up := float64(y) / height
			c := mix([3]float64{96, 138, 172}, [3]float64{247, 220, 190}, math.Min(1, up*1.5))
			for i, tone := range [][3]float64{{126, 150, 158}, {82, 116, 118}, {40, 72, 70}} {
				n := float64(i)
				hill := 0.45 + 0.16*n + 0.07*math.Sin(float64(x)/(95-18*n)+seed+n*2) + 0.03*math.Sin(float64(x)/37+seed*n)
				if up > hill {
					c = mix(tone, [3]float64{20, 36, 38}, math.Min(1, (up-hill)*1.2))
				}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestDifference: what a reader would see is more than the tolerance, what only
// another browser's edges of letters are is less.
func TestDifference(t *testing.T) {
	f, err := os.Open(filepath.Join("testdata", "looks", "plain-desktop.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	golden := decode(t, f)
	changed := func(pixel func(x, y int) color.NRGBA) *image.NRGBA {
		img := image.NewNRGBA(golden.Rect)
		for y := range golden.Rect.Dy() {
			for x := range golden.Rect.Dx() {
				img.SetNRGBA(x, y, pixel(x, y))
			}
		}
		return img
	}
	for _, test := range []struct {
		name  string
		pixel func(x, y int) color.NRGBA
		shows bool
	}{
		{"nothing", golden.NRGBAAt, false},
		{"moved down by four pixels", func(x, y int) color.NRGBA { return golden.NRGBAAt(x, max(0, y-2)) }, true},
		{"moved aside by four pixels", func(x, y int) color.NRGBA { return golden.NRGBAAt(max(0, x-2), y) }, true},
		{"a picture is missing", func(x, y int) color.NRGBA {
			if y > 310 && y < 440 {
				return golden.NRGBAAt(35, 200)
			}
			return golden.NRGBAAt(x, y)
		}, true},
		{"letters a little heavier", func(x, y int) color.NRGBA {
			c := golden.NRGBAAt(x, y)
			c.R, c.G, c.B = c.R-c.R/25, c.G-c.G/25, c.B-c.B/25
			return c
		}, false},
	} {
		if got := difference(golden, changed(test.pixel)); got > tolerance != test.shows {
			t.Errorf("%s: %.2f %% are different", test.name, 100*got)
		}
	}
}
