package trail

// ListSummary is a list of resources in few words.
type ListSummary struct {
	Resources []ResourceLine `json:"resources"`
	Next      string         `json:"next_cursor,omitempty"`
	// Incomplete says why resources that exist may be missing.
	Incomplete []string `json:"incomplete,omitempty"`
	Looked     string   `json:"looked,omitempty"`
	Notes      []string `json:"notes,omitempty"`
	// Omitted says how to get what is left out.
	Omitted string      `json:"omitted,omitempty"`
	Report  *ListReport `json:"report,omitempty"`
}

// ResourceLine is one instance, topic or group.
type ResourceLine struct {
	Connection string `json:"connection"`
	Instance   string `json:"instance,omitempty"`
	ID         string `json:"id"`
	Name       string `json:"name,omitempty"`
	System     string `json:"system,omitempty"`
	Region     string `json:"region,omitempty"`
	Status     string `json:"status,omitempty"`
	Usable     *bool  `json:"usable,omitempty"`
	Type       string `json:"type,omitempty"`
	Partitions *int64 `json:"partitions,omitempty"`
}

// Summary is the resources without what few ask for.
func (r *ListReport) Summary() *ListSummary {
	s := &ListSummary{
		Resources: []ResourceLine{}, Next: r.Next, Incomplete: lines(r.Incomplete, 5), Looked: lookedLine(r.Looked), Notes: lines(r.Notes, 3),
		Omitted: goOn(r.Next, "detail=raw has retention, times and the vendors' answers."),
	}
	for i := range r.Resources {
		resource := &r.Resources[i]
		short := ResourceLine{
			Connection: resource.Connection, Instance: resource.Instance, ID: line(resource.ID, nameLength), System: string(resource.System),
			Region: resource.Region, Status: line(resource.Status, nameLength), Type: line(resource.Type, nameLength), Partitions: resource.Partitions,
		}
		if resource.Name != resource.ID {
			short.Name = line(resource.Name, nameLength)
		}
		if resource.Usable != nil && !*resource.Usable {
			short.Usable = resource.Usable
		}
		s.Resources = append(s.Resources, short)
	}
	return s
}

// Raw is the summary with the whole report.
func (r *ListReport) Raw() *ListSummary {
	s := r.Summary()
	s.Omitted, s.Report = "", r
	return s
}
