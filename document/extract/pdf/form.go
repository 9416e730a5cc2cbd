package pdf

import (
	"strings"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"

	"github.com/caseload/caseload/document/extract/pdf/layout"
)

// maxFormFields is how many characters of a form's fields are kept as metadata.
const maxFormFields = 4000

// passwordField is the flag of a text field that shows no text (ISO 32000-1,
// table 228).
const passwordField = enums.FPDF_FORMFLAG(1 << 13)

// field adds a form field's value to a. A box to tick is told to draw nothing,
// since what it draws may be any sign; "[x]" or "[ ]" stands for it.
func (s *session) field(a *annotations, ref references.FPDF_ANNOTATION, flags enums.FPDF_ANNOT_FLAG, v view) error {
	form, err := s.formHandle()
	if err != nil {
		return err
	}
	kind, err := s.pdfium.FPDFAnnot_GetFormFieldType(&requests.FPDFAnnot_GetFormFieldType{FormHandle: form, Annotation: ref})
	if err != nil {
		return err
	}
	var f fieldValue
	switch kind.FormFieldType {
	case enums.FPDF_FORMFIELD_TYPE_CHECKBOX, enums.FPDF_FORMFIELD_TYPE_RADIOBUTTON:
		checked, err := s.pdfium.FPDFAnnot_IsChecked(&requests.FPDFAnnot_IsChecked{FormHandle: form, Annotation: ref})
		if err != nil {
			return err
		}
		state, err := s.annotString(ref, "AS")
		if err != nil {
			return err
		}
		f.mark, f.value = true, "[ ]"
		if checked.IsChecked || state != "" && state != "Off" {
			f.value = "[x]"
		}
		if _, err := s.pdfium.FPDFAnnot_SetFlags(&requests.FPDFAnnot_SetFlags{
			Annotation: ref, Flags: flags | enums.FPDF_ANNOT_FLAG_HIDDEN}); err != nil {
			return err
		}
	case enums.FPDF_FORMFIELD_TYPE_TEXTFIELD, enums.FPDF_FORMFIELD_TYPE_COMBOBOX:
		if f.value, err = s.typedValue(form, ref); err != nil {
			return err
		}
	case enums.FPDF_FORMFIELD_TYPE_LISTBOX:
		if f.value, err = s.chosen(form, ref); err != nil {
			return err
		}
	default:
		return nil
	}
	if f.value == "" {
		return nil
	}
	if f.name, err = s.fieldName(form, ref); err != nil {
		return err
	}
	at, err := s.pdfium.FPDFAnnot_GetRect(&requests.FPDFAnnot_GetRect{Annotation: ref})
	if err != nil {
		return err
	}
	b := v.toShown.bounds(rect{float64(at.Rect.Left), float64(at.Rect.Bottom), float64(at.Rect.Right), float64(at.Rect.Top)})
	f.line, f.box = fieldLine(f.value, b), b
	if s.noteBytes += len(f.value); s.noteBytes > maxNotesBytes {
		a.cut = true
		return nil
	}
	a.fields = append(a.fields, f)
	s.fields = appendField(s.fields, f)
	return nil
}

// fieldLine is a field's value where its form would show it: in the middle of a
// field of one line, at the top of a larger one.
func fieldLine(value string, b rect) layout.Line {
	const letters = 11 // points, as most forms are filled in
	l := layout.Line{Text: value, X0: b.x0, X1: b.x1, Size: min(letters, max(b.y1-b.y0, 1))}
	l.Y = b.middleY() - 0.35*l.Size
	if b.y1-b.y0 > 2.5*letters {
		l.Y = b.y1 - l.Size
	}
	return l
}

// typedValue is what is in a text field or a box with choices; "" of a
// password.
func (s *session) typedValue(form references.FPDF_FORMHANDLE, ref references.FPDF_ANNOTATION) (string, error) {
	flags, err := s.pdfium.FPDFAnnot_GetFormFieldFlags(&requests.FPDFAnnot_GetFormFieldFlags{FormHandle: form, Annotation: ref})
	if err != nil || flags.Flags&passwordField != 0 {
		return "", err
	}
	value, err := s.pdfium.FPDFAnnot_GetFormFieldValue(&requests.FPDFAnnot_GetFormFieldValue{FormHandle: form, Annotation: ref})
	if err != nil {
		return "", onlyTrap(err)
	}
	return oneLine(value.FormFieldValue, maxNote), nil
}

// chosen are the options chosen in a list.
func (s *session) chosen(form references.FPDF_FORMHANDLE, ref references.FPDF_ANNOTATION) (string, error) {
	count, err := s.pdfium.FPDFAnnot_GetOptionCount(&requests.FPDFAnnot_GetOptionCount{FormHandle: form, Annotation: ref})
	if err != nil {
		return "", err
	}
	var values []string
	for i := range min(count.OptionCount, maxOptions) {
		is, err := s.pdfium.FPDFAnnot_IsOptionSelected(&requests.FPDFAnnot_IsOptionSelected{FormHandle: form, Annotation: ref, Index: i})
		if trapped(err) {
			return "", err
		}
		if err != nil || !is.IsOptionSelected {
			continue
		}
		label, err := s.pdfium.FPDFAnnot_GetOptionLabel(&requests.FPDFAnnot_GetOptionLabel{FormHandle: form, Annotation: ref, Index: i})
		if trapped(err) {
			return "", err
		}
		if err == nil {
			values = append(values, oneLine(label.OptionLabel, maxNote))
		}
	}
	return oneLine(strings.Join(values, ", "), maxNote), nil
}

// fieldName is what a form says that a field is, or else the last part of its
// name.
func (s *session) fieldName(form references.FPDF_FORMHANDLE, ref references.FPDF_ANNOTATION) (string, error) {
	alternate, err := s.pdfium.FPDFAnnot_GetFormFieldAlternateName(
		&requests.FPDFAnnot_GetFormFieldAlternateName{FormHandle: form, Annotation: ref})
	if trapped(err) {
		return "", err
	}
	if err == nil {
		if name := oneLine(alternate.FormFieldAlternateName, 200); name != "" {
			return name, nil
		}
	}
	full, err := s.pdfium.FPDFAnnot_GetFormFieldName(&requests.FPDFAnnot_GetFormFieldName{FormHandle: form, Annotation: ref})
	if err != nil {
		return "", onlyTrap(err)
	}
	name := oneLine(full.FormFieldName, maxNote)
	name = name[strings.LastIndexByte(name, '.')+1:]
	name, _, _ = strings.Cut(name, "[")
	return oneLine(name, 200), nil
}

// appendField adds a field to the list of a file's, which is one of its
// metadata. A box that is not ticked is not listed.
func appendField(fields string, f fieldValue) string {
	value := f.value
	if f.mark {
		if f.value != "[x]" {
			return fields
		}
		value = "yes"
	}
	entry := value
	if f.name != "" {
		entry = f.name + ": " + value
	}
	switch {
	case strings.HasSuffix(fields, "…"):
		return fields
	case len(fields)+len(entry) > maxFormFields:
		return fields + "; …"
	case fields == "":
		return entry
	}
	return fields + "; " + entry
}

// formHandle lets PDFium interpret the file's form, at the first field. Nothing
// that a form would do runs: PDFium is built without JavaScript, and no action
// of the file is called.
func (s *session) formHandle() (references.FPDF_FORMHANDLE, error) {
	if s.form != nil {
		return *s.form, nil
	}
	got, err := s.pdfium.FPDFDOC_InitFormFillEnvironment(&requests.FPDFDOC_InitFormFillEnvironment{
		Document: s.doc,
		FormFillInfo: structs.FPDF_FORMFILLINFO{
			FFI_Invalidate:         func(references.FPDF_PAGE, float64, float64, float64, float64) {},
			FFI_SetCursor:          func(enums.FXCT) {},
			FFI_SetTimer:           func(int, func(int)) int { return 0 },
			FFI_KillTimer:          func(int) {},
			FFI_GetLocalTime:       func() structs.FPDF_SYSTEMTIME { return structs.FPDF_SYSTEMTIME{} },
			FFI_GetPage:            func(references.FPDF_DOCUMENT, int) *references.FPDF_PAGE { return nil },
			FFI_GetRotation:        func(references.FPDF_PAGE) enums.FPDF_PAGE_ROTATION { return 0 },
			FFI_ExecuteNamedAction: func(string) {},
		},
	})
	if err != nil {
		return "", err
	}
	s.form = &got.FormHandle
	return got.FormHandle, nil
}

// closeForm ends what formHandle began.
func (s *session) closeForm() error {
	if s.form == nil {
		return nil
	}
	_, err := s.pdfium.FPDFDOC_ExitFormFillEnvironment(&requests.FPDFDOC_ExitFormFillEnvironment{FormHandle: *s.form})
	s.form = nil
	return err
}
