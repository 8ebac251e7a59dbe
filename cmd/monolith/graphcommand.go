package main

import (
	_ "embed"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/platform/db"
)

// moduleMap is drawn by a test from what the packages import; the test fails when it is out of date.
//
//go:embed modules.dot
var moduleMap string

func newGraphCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "graph",
		Short: "Draw how the program is put together, in the language of Graphviz",
		Long: `Draws which constructor gives what to which other one (graph), or which module and package leans on which other one
(graph modules), in DOT, the language of Graphviz. Nothing is started and no database is opened.`,
		Example: `  monolith graph | dot -Tsvg > graph.svg
  monolith graph modules | dot -Tsvg > modules.svg`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return drawGraph(p) },
	}
	cmd.AddCommand(&cobra.Command{
		Use:     "modules",
		Short:   "Draw which module leans on which other one",
		Example: `  monolith graph modules | dot -Tsvg > modules.svg`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(p.stdout, moduleMap)
			return err
		},
	})
	return cmd
}

// drawGraph builds the program as serve does, but does not start it.
func drawGraph(p *program) error {
	cfg, err := p.config()
	if err != nil {
		return err
	}
	var drawing fx.DotGraph
	var pool *db.Pool
	app := fx.New(graph(*cfg, p.logOutput()), fx.Populate(&drawing, &pool))
	if err := app.Err(); err != nil {
		return err
	}
	_, err = fmt.Fprint(p.stdout, drawing)
	return errors.Join(err, pool.Close())
}
