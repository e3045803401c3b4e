package pluginhost

import (
	"debug/elf"
	"debug/macho"
	"debug/pe"
	"runtime"
	"strings"
)

// platformOf says for which system and processor a program was built; empty when it is no program that is known.
func platformOf(path string) string {
	if file, err := elf.Open(path); err == nil {
		defer func() { _ = file.Close() }() // only read
		return elfSystem(file) + "/" + orRaw(elfProcessors[file.Machine], file.Machine.String())
	}
	if file, err := macho.Open(path); err == nil {
		defer func() { _ = file.Close() }() // only read
		return "darwin/" + orRaw(machoProcessors[file.Cpu], file.Cpu.String())
	}
	if file, err := macho.OpenFat(path); err == nil {
		defer func() { _ = file.Close() }() // only read
		return "darwin/universal"
	}
	if file, err := pe.Open(path); err == nil {
		defer func() { _ = file.Close() }() // only read
		return "windows/" + orRaw(peProcessors[file.Machine], "unknown")
	}
	return ""
}

// elfSystem goes by the notes that BSDs leave; Linux leaves none.
func elfSystem(file *elf.File) string {
	switch file.OSABI {
	case elf.ELFOSABI_FREEBSD:
		return "freebsd"
	case elf.ELFOSABI_NETBSD:
		return "netbsd"
	case elf.ELFOSABI_OPENBSD:
		return "openbsd"
	default:
		return "linux"
	}
}

func orRaw(name, raw string) string {
	if name == "" {
		return strings.ToLower(raw)
	}
	return name
}

// here is the host's own platform.
const here = runtime.GOOS + "/" + runtime.GOARCH

var elfProcessors = map[elf.Machine]string{
	elf.EM_X86_64: "amd64", elf.EM_AARCH64: "arm64", elf.EM_386: "386", elf.EM_ARM: "arm", elf.EM_RISCV: "riscv64",
	elf.EM_PPC64: "ppc64", elf.EM_S390: "s390x", elf.EM_LOONGARCH: "loong64", elf.EM_MIPS: "mips",
}

var machoProcessors = map[macho.Cpu]string{macho.CpuAmd64: "amd64", macho.CpuArm64: "arm64", macho.Cpu386: "386"}

var peProcessors = map[uint16]string{
	pe.IMAGE_FILE_MACHINE_AMD64: "amd64", pe.IMAGE_FILE_MACHINE_ARM64: "arm64",
	pe.IMAGE_FILE_MACHINE_I386: "386", pe.IMAGE_FILE_MACHINE_ARMNT: "arm",
}
