package figure

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// Print writes the rows as a table: figure, wanted, got, holds. It reports whether all hold.
func Print(w io.Writer, rows []Row) (bool, error) {
	all := len(rows) > 0
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "FIGURE\tWANTED\tGOT\tHOLDS")
	for _, row := range rows {
		holds := "yes"
		if !row.Holds {
			all, holds = false, "NO"
		}
		fmt.Fprintf(table, "%s: %s\t%s\t%s\t%s\n", row.Step, row.Figure, row.Want, row.Got, holds)
	}
	if err := table.Flush(); err != nil {
		return false, fmt.Errorf("print the table: %w", err)
	}
	return all, nil
}
