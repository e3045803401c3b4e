package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	memoryRounds = 3
	// settled is when plugins have been warmed and have described themselves once more, which happens seconds
	// after their start.
	settled = 7 * time.Second
)

// megabytes is a budget for memory.
func megabytes(bound float64) budget { return budget{atMost, bound, "MB"} }

// memory measures what processes hold, where /proc tells it.
func memory(ctx context.Context, w *workspace) ([]finding, error) {
	if _, err := status(os.Getpid(), "VmHWM"); err != nil {
		return nil, fmt.Errorf("memory is measured on Linux only: %w", err)
	}
	var later, children series
	bare := func(ctx context.Context) (float64, error) {
		command := w.bareServer(ctx)
		s, err := serve(command)
		if err != nil {
			return 0, err
		}
		_, err = s.list()
		peak, failed := status(command.Process.Pid, "VmHWM")
		return peak, errors.Join(err, failed, s.end())
	}
	ours := func(ctx context.Context) (_ float64, err error) {
		command := w.shipped.command(ctx, w.shipped.home, "serve")
		s, err := serve(command)
		if err != nil {
			return 0, err
		}
		defer func() { err = errors.Join(err, s.end()) }()
		if _, err := s.list(); err != nil {
			return 0, err
		}
		peak, err := status(command.Process.Pid, "VmHWM")
		if err != nil {
			return 0, err
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(settled):
		}
		end, err := status(command.Process.Pid, "VmHWM")
		if err != nil {
			return 0, err
		}
		idle, err := largestChild(command.Process.Pid)
		later, children = append(later, end), append(children, idle)
		return peak, err
	}
	taken, err := turns(ctx, memoryRounds, bare, ours)
	if err != nil {
		return nil, err
	}
	return []finding{
		compare("peak RSS serving, no plugin started", taken[0], taken[1], "MB", times(2), "The host alone (VmHWM) when the tools have been listed; no plugin has been started then."),
		compare("  the same 7 s later", taken[0], later[1:], "MB", budget{kind: noBudget, unit: "×"}, "Plugins warmed, and asked for their manifests once more."),
		single("RSS of an idle plugin, the largest", children[1:], megabytes(25), "VmRSS of the largest of the 3 real plugins at that time."),
	}, nil
}

// status is a field of /proc/PID/status, in megabytes of 1024² bytes.
func status(pid int, field string) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, field+":"); ok {
			kilobytes, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 64)
			return kilobytes / 1024, err
		}
	}
	return 0, fmt.Errorf("process %d has no %s", pid, field)
}

// largestChild is the memory of the largest child of a process, in megabytes; three children must be there.
func largestChild(pid int) (float64, error) {
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		return 0, err
	}
	var sizes series
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // a thread that has ended
		}
		for child := range strings.FieldsSeq(string(text)) {
			number, err := strconv.Atoi(child)
			if err != nil {
				return 0, err
			}
			size, err := status(number, "VmRSS")
			if err != nil {
				return 0, err
			}
			sizes = append(sizes, size)
		}
	}
	if len(sizes) != 3 {
		return 0, fmt.Errorf("%d plugins run; 3 were expected", len(sizes))
	}
	return sizes.quantile(1), nil
}
