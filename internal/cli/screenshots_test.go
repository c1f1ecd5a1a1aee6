package cli_test

import (
	"bytes"
	"context"
	"image/png"
	"os"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// largestScreenshot bounds a picture of the README, in bytes.
const largestScreenshot = 200 << 10

// TestScreenshots takes the pictures of the README again: of the sample's
// letter and of the preview.
func TestScreenshots(t *testing.T) {
	if os.Getenv("BROADSHEET_SCREENSHOTS") == "" {
		t.Skip("takes the README's pictures only with BROADSHEET_SCREENSHOTS=1: make screenshots")
	}
	url, _ := compileSample(t).preview()
	tab := openBrowser(t, url)
	shots := []struct {
		file, path    string
		width, height int64
		scale         float64
		scheme        string
	}{
		{"../../templates/plain/screenshot.png", "html", 720, 842, 1.5, "light"},
		{"../preview/screenshot.png", "?for=europe%2Bukraine", 1280, 800, 1, "light"},
	}
	for _, s := range shots {
		tab.do("look like "+s.file, chromedp.EmulateViewport(s.width, s.height, chromedp.EmulateScale(s.scale)), prefer(s.scheme))
		tab.navigate(url + s.path)
		tab.await(`(document.querySelector("iframe")?.contentDocument ?? document).body.innerText.includes("The Weekly Broadsheet")`)
		picture, err := chromedp.Run(tab.ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		keepPicture(t, s.file, picture)
	}
}

// prefer sets whether the page is seen in light or dark.
func prefer(scheme string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return chromedp.Void{}, err
	}
}

// keepPicture writes a PNG file as small as it can be.
func keepPicture(t *testing.T, file string, picture []byte) {
	t.Helper()
	decoded, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	var small bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&small, decoded); err != nil {
		t.Fatal(err)
	}
	if small.Len() > largestScreenshot {
		t.Errorf("%s has %d bytes", file, small.Len())
	}
	if err := os.WriteFile(file, small.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %d bytes", file, small.Len())
}
