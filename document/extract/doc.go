// Package extract reads a file into document.Content: its pages' text, its
// metadata and its attachments. A file's format is told from its content; its
// name only breaks the tie between plain text and Markdown.
//
// Plain text, Markdown, HTML, RTF, DOCX and mail are read here. Readers of PDF
// and images are given by the caller (see the sub-packages), so that a program
// which needs neither does not link them.
package extract
