package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gavelhq/gavel/platform/config"
)

// usage writes how cmd is used. It is cobra's text but for the flags that are keys of the configuration: there are
// many, and every command has them, so that only the root lists them.
func usage(cmd *cobra.Command) error {
	var b strings.Builder
	b.WriteString("Usage:\n")
	if cmd.Runnable() {
		fmt.Fprintf(&b, "  %s\n", cmd.UseLine())
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "  %s [command]\n", cmd.CommandPath())
	}
	if cmd.HasExample() {
		fmt.Fprintf(&b, "\nExamples:\n%s\n", cmd.Example)
	}
	if cmd.HasAvailableSubCommands() {
		b.WriteString("\nCommands:\n")
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() || sub.Name() == "help" {
				fmt.Fprintf(&b, "  %-*s  %s\n", sub.NamePadding(), sub.Name(), sub.Short)
			}
		}
	}
	if flags := cmd.LocalFlags().FlagUsages(); flags != "" {
		fmt.Fprintf(&b, "\nFlags:\n%s", flags)
	}
	b.WriteString("\n")
	if cmd.HasParent() {
		fmt.Fprintf(&b, "Every key of the configuration is a flag, too, such as --data.dir: see %s --help.\n", cmd.Root().Name())
	} else {
		writeKeys(&b)
	}
	_, err := fmt.Fprint(cmd.OutOrStdout(), b.String())
	return err
}

// writeKeys lists the configuration with its defaults.
func writeKeys(b *strings.Builder) {
	b.WriteString("Configuration (as flags; \"monolith config init\" writes a file that explains them):\n")
	for _, key := range config.Keys() {
		fmt.Fprintf(b, "  %-28s %s\n", key.Flag(), key.Default)
	}
}
