package main

import (
	"embed"
	"fmt"
)

//go:embed text
var texts embed.FS

// sample is one file of the examples.
type sample struct {
	path  string                            // below the folder written to
	text  string                            // its source, below text/
	set   func(*source) ([]byte, error)     // for typeset formats, or
	plain func(text string) ([]byte, error) // for texts written as they are
}

// catalog lists all samples.
var catalog = []sample{
	{path: "halvorsen/01-complaint.pdf", text: "halvorsen/complaint.txt", set: renderPDF},
	{path: "halvorsen/02-notice-of-appearance.rtf", text: "halvorsen/appearance.txt", set: renderRTF},
	{path: "halvorsen/03-order-motion-to-dismiss.pdf", text: "halvorsen/order.txt", set: renderPDF},
	{path: "halvorsen/04-employment-agreement.docx", text: "halvorsen/employment.txt", set: renderDOCX},
	{path: "halvorsen/05-letter-to-board.png", text: "halvorsen/letter.txt", set: renderPNG},
	{path: "halvorsen/06-monitoring-results.eml", text: "halvorsen/results.eml.txt", plain: withAttachments},
	{path: "halvorsen/07-re-monitoring-results.eml", text: "halvorsen/reply.eml.txt", plain: withoutAttachments},
	{path: "halvorsen/08-coast-guard-notice.tiff", text: "halvorsen/notice.txt", set: renderTIFF},
	{path: "halvorsen/09-termination-letter.pdf", text: "halvorsen/termination.txt", set: renderPDF},
	{path: "halvorsen/10-customer-memo.html", text: "halvorsen/memo.html", plain: asIs},
	{path: "halvorsen/11-protective-order.pdf", text: "halvorsen/protective.txt", set: renderScannedPDF},
	{path: "halvorsen/12-subpoena-cascadia.pdf", text: "halvorsen/subpoena.txt", set: renderPDF},
	{path: "halvorsen/13-supplier-letter.txt", text: "halvorsen/supplier.txt", plain: asWindows1252},
	{path: "halvorsen/14-deposition-teague.txt", text: "halvorsen/deposition.txt", plain: asIs},
	{path: "halvorsen/15-meeting-notes.md", text: "halvorsen/meeting.md", plain: asIs},
	{path: "halvorsen/16-exhibit-invoice.pdf", text: "halvorsen/invoice.txt", set: renderStamped},
	{path: "teague/01-security-services-agreement.docx", text: "teague/agreement.txt", set: renderDOCX},
	{path: "teague/02-incident-report.jpg", text: "teague/incident.txt", set: renderJPEG},
	{path: "teague/03-complaint.pdf", text: "teague/complaint.txt", set: renderPDF},
	{path: "teague/04-order-of-designation.pdf", text: "teague/designation.txt", set: renderPDF},
	{path: "teague/05-statement-teague-jr.txt", text: "teague/statement.txt", plain: asUTF16},
	{path: "teague/06-tender-of-defense.eml", text: "teague/tender.eml.txt", plain: withoutAttachments},
	{path: "teague/07-order-summary-judgment.pdf", text: "teague/order.txt", set: renderPDF},
	{path: "teague/08-opinion-ninth-circuit.pdf", text: "teague/opinion.txt", set: renderPDF},
	{path: "teague/09-exhibit-list.html", text: "teague/exhibits.html", plain: asIs},
	{path: "teague/10-mediation-notes.md", text: "teague/mediation.md", plain: asIs},
	{path: "teague/11-term-sheet-damaged.pdf", text: "teague/terms.txt", set: renderDamaged},
}

// bytes makes the file.
func (s sample) bytes() ([]byte, error) {
	text, err := readText(s.text)
	if err != nil {
		return nil, err
	}
	if s.plain != nil {
		return s.plain(text)
	}
	src, err := parse(text)
	if err != nil {
		return nil, err
	}
	return s.set(src)
}

func readText(name string) (string, error) {
	text, err := texts.ReadFile("text/" + name)
	return string(text), err
}

// withAttachments is the mail with the sampling report and the meter's log.
func withAttachments(text string) ([]byte, error) {
	report, err := readText("halvorsen/sampling.txt")
	if err != nil {
		return nil, err
	}
	src, err := parse(report)
	if err != nil {
		return nil, fmt.Errorf("attachment: %w", err)
	}
	pdf, err := renderPDF(src)
	if err != nil {
		return nil, fmt.Errorf("attachment: %w", err)
	}
	log, err := readText("halvorsen/meter.txt")
	if err != nil {
		return nil, err
	}
	return renderMail(text, []attachment{
		{"Pier 7 sampling report.pdf", "application/pdf", pdf},
		{"Journal du détecteur.txt", "text/plain; charset=utf-8", []byte(log)},
	})
}

func withoutAttachments(text string) ([]byte, error) { return renderMail(text, nil) }

// renderDamaged is a PDF cut off in the middle, as broken transfers leave them.
func renderDamaged(s *source) ([]byte, error) {
	whole, err := renderPDF(s)
	if err != nil {
		return nil, err
	}
	return whole[:len(whole)*3/5], nil
}
