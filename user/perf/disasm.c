/* SPDX-License-Identifier: MIT */
/*
 * A table of instructions, the special ones first: the first whose masked bits match is it. Its operands are letters; what is no
 * letter of the second table stands for itself. The second table tells which bits of the instruction make an operand, and how it is
 * written. A name that ends with * gets .aq and .rl. Operands that begin with = are of rs1 and rs2 that are the same.
 * Ref: The RISC-V Instruction Set Manual, volume I, chapters 34 (listings) and 26 (C); volume II, 2.2.
 */
#include "disasm.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct insn {
	uint32_t match, mask;
	const char *name, *operands;
};

/* Both widths of an atomic operation, both precisions of one with fractions. */
#define AMO(bits, mask, name, operands) \
	{ 0x202f | (bits), 0x707f | (mask), name ".w*", operands }, { 0x302f | (bits), 0x707f | (mask), name ".d*", operands }
#define FP(bits, mask, name, operands) \
	{ 0x53 | (bits), 0x7f | (mask), name ".s", operands }, { 0x2000053 | (bits), 0x7f | (mask), name ".d", operands }
#define FMA(bits, name) { bits, 0x600007f, name ".s", "D,S,T,Rm" }, { 0x2000000 | (bits), 0x600007f, name ".d", "D,S,T,Rm" }

static const struct insn insns[] = {
	/* Two bytes. */
	{ 0x0000, 0xffff, "unimp", "" },
	{ 0x0000, 0xe003, "addi", "w,$,A" }, { 0x2000, 0xe003, "fld", "W,F(x)" }, { 0x4000, 0xe003, "lw", "w,G(x)" },
	{ 0x6000, 0xe003, "ld", "w,F(x)" }, { 0xa000, 0xe003, "fsd", "W,F(x)" }, { 0xc000, 0xe003, "sw", "w,G(x)" },
	{ 0xe000, 0xe003, "sd", "w,F(x)" },
	{ 0x0001, 0xffff, "nop", "" }, { 0x0001, 0xe003, "addi", "d,d,i" }, { 0x2001, 0xf07f, "sext.w", "d,d" },
	{ 0x2001, 0xe003, "addiw", "d,d,i" }, { 0x4001, 0xe003, "li", "d,i" }, { 0x6101, 0xef83, "addi", "$,$,B" },
	{ 0x6001, 0xe003, "lui", "d,k" }, { 0x8001, 0xec03, "srli", "x,x,h" }, { 0x8401, 0xec03, "srai", "x,x,h" },
	{ 0x8801, 0xec03, "andi", "x,x,i" }, { 0x8c01, 0xfc63, "sub", "x,x,w" }, { 0x8c21, 0xfc63, "xor", "x,x,w" },
	{ 0x8c41, 0xfc63, "or", "x,x,w" }, { 0x8c61, 0xfc63, "and", "x,x,w" }, { 0x9c01, 0xfc63, "subw", "x,x,w" },
	{ 0x9c21, 0xfc63, "addw", "x,x,w" }, { 0xa001, 0xe003, "j", "l" }, { 0xc001, 0xe003, "beqz", "x,b" },
	{ 0xe001, 0xe003, "bnez", "x,b" },
	{ 0x0002, 0xe003, "slli", "d,d,h" }, { 0x2002, 0xe003, "fld", "D,K($)" }, { 0x4002, 0xe003, "lw", "d,H($)" },
	{ 0x6002, 0xe003, "ld", "d,K($)" }, { 0x8082, 0xffff, "ret", "" }, { 0x8002, 0xf07f, "jr", "d" },
	{ 0x8002, 0xf003, "mv", "d,v" }, { 0x9002, 0xffff, "ebreak", "" }, { 0x9002, 0xf07f, "jalr", "d" },
	{ 0x9002, 0xf003, "add", "d,d,v" }, { 0xa002, 0xe003, "fsd", "V,M($)" }, { 0xc002, 0xe003, "sw", "v,L($)" },
	{ 0xe002, 0xe003, "sd", "v,M($)" },

	/* Jumps and branches. */
	{ 0x8067, ~0U, "ret", "" }, { 0x67, 0xfff07fff, "jr", "s" }, { 0x67, 0x7fff, "jr", "j(s)" },
	{ 0xe7, 0xfff07fff, "jalr", "s" }, { 0xe7, 0x7fff, "jalr", "j(s)" }, { 0x67, 0xfff0707f, "jalr", "d,s" },
	{ 0x67, 0x707f, "jalr", "d,j(s)" }, { 0x6f, 0xfff, "j", "a" }, { 0xef, 0xfff, "jal", "a" },
	{ 0x6f, 0x7f, "jal", "d,a" },
	{ 0x63, 0x1f0707f, "beqz", "s,p" }, { 0x63, 0x707f, "beq", "s,t,p" }, { 0x1063, 0x1f0707f, "bnez", "s,p" },
	{ 0x1063, 0x707f, "bne", "s,t,p" }, { 0x4063, 0x1f0707f, "bltz", "s,p" }, { 0x4063, 0xff07f, "bgtz", "t,p" },
	{ 0x4063, 0x707f, "blt", "s,t,p" }, { 0x5063, 0xff07f, "blez", "t,p" }, { 0x5063, 0x1f0707f, "bgez", "s,p" },
	{ 0x5063, 0x707f, "bge", "s,t,p" }, { 0x6063, 0x707f, "bltu", "s,t,p" }, { 0x7063, 0x707f, "bgeu", "s,t,p" },

	/* With an immediate operand. */
	{ 0x37, 0x7f, "lui", "d,u" }, { 0x17, 0x7f, "auipc", "d,u" }, { 0x13, ~0U, "nop", "" }, { 0x13, 0xff07f, "li", "d,j" },
	{ 0x13, 0xfff0707f, "mv", "d,s" }, { 0x13, 0x707f, "addi", "d,s,j" }, { 0x1b, 0xfff0707f, "sext.w", "d,s" },
	{ 0x1b, 0x707f, "addiw", "d,s,j" }, { 0x2013, 0x707f, "slti", "d,s,j" }, { 0x103013, 0xfff0707f, "seqz", "d,s" },
	{ 0x3013, 0x707f, "sltiu", "d,s,j" }, { 0xfff04013, 0xfff0707f, "not", "d,s" }, { 0x4013, 0x707f, "xori", "d,s,j" },
	{ 0x6013, 0x707f, "ori", "d,s,j" }, { 0xff07013, 0xfff0707f, "zext.b", "d,s" }, { 0x7013, 0x707f, "andi", "d,s,j" },
	{ 0x1013, 0xfc00707f, "slli", "d,s,y" }, { 0x5013, 0xfc00707f, "srli", "d,s,y" }, { 0x40005013, 0xfc00707f, "srai", "d,s,y" },
	{ 0x101b, 0xfe00707f, "slliw", "d,s,z" }, { 0x501b, 0xfe00707f, "srliw", "d,s,z" },
	{ 0x4000501b, 0xfe00707f, "sraiw", "d,s,z" },

	/* Of two registers. */
	{ 0x33, 0xfe00707f, "add", "d,s,t" }, { 0x40000033, 0xfe0ff07f, "neg", "d,t" }, { 0x40000033, 0xfe00707f, "sub", "d,s,t" },
	{ 0x1033, 0xfe00707f, "sll", "d,s,t" }, { 0x2033, 0xfff0707f, "sltz", "d,s" }, { 0x2033, 0xfe0ff07f, "sgtz", "d,t" },
	{ 0x2033, 0xfe00707f, "slt", "d,s,t" }, { 0x3033, 0xfe0ff07f, "snez", "d,t" }, { 0x3033, 0xfe00707f, "sltu", "d,s,t" },
	{ 0x4033, 0xfe00707f, "xor", "d,s,t" }, { 0x5033, 0xfe00707f, "srl", "d,s,t" }, { 0x40005033, 0xfe00707f, "sra", "d,s,t" },
	{ 0x6033, 0xfe00707f, "or", "d,s,t" }, { 0x7033, 0xfe00707f, "and", "d,s,t" }, { 0x3b, 0xfe00707f, "addw", "d,s,t" },
	{ 0x4000003b, 0xfe0ff07f, "negw", "d,t" }, { 0x4000003b, 0xfe00707f, "subw", "d,s,t" }, { 0x103b, 0xfe00707f, "sllw", "d,s,t" },
	{ 0x503b, 0xfe00707f, "srlw", "d,s,t" }, { 0x4000503b, 0xfe00707f, "sraw", "d,s,t" },
	{ 0x2000033, 0xfe00707f, "mul", "d,s,t" }, { 0x2001033, 0xfe00707f, "mulh", "d,s,t" },
	{ 0x2002033, 0xfe00707f, "mulhsu", "d,s,t" }, { 0x2003033, 0xfe00707f, "mulhu", "d,s,t" },
	{ 0x2004033, 0xfe00707f, "div", "d,s,t" }, { 0x2005033, 0xfe00707f, "divu", "d,s,t" },
	{ 0x2006033, 0xfe00707f, "rem", "d,s,t" }, { 0x2007033, 0xfe00707f, "remu", "d,s,t" },
	{ 0x200003b, 0xfe00707f, "mulw", "d,s,t" }, { 0x200403b, 0xfe00707f, "divw", "d,s,t" },
	{ 0x200503b, 0xfe00707f, "divuw", "d,s,t" }, { 0x200603b, 0xfe00707f, "remw", "d,s,t" },
	{ 0x200703b, 0xfe00707f, "remuw", "d,s,t" },

	/* Memory. */
	{ 0x3, 0x707f, "lb", "d,j(s)" }, { 0x1003, 0x707f, "lh", "d,j(s)" }, { 0x2003, 0x707f, "lw", "d,j(s)" },
	{ 0x3003, 0x707f, "ld", "d,j(s)" }, { 0x4003, 0x707f, "lbu", "d,j(s)" }, { 0x5003, 0x707f, "lhu", "d,j(s)" },
	{ 0x6003, 0x707f, "lwu", "d,j(s)" }, { 0x23, 0x707f, "sb", "t,q(s)" }, { 0x1023, 0x707f, "sh", "t,q(s)" },
	{ 0x2023, 0x707f, "sw", "t,q(s)" }, { 0x3023, 0x707f, "sd", "t,q(s)" },
	{ 0x2007, 0x707f, "flw", "D,j(s)" }, { 0x3007, 0x707f, "fld", "D,j(s)" }, { 0x2027, 0x707f, "fsw", "T,q(s)" },
	{ 0x3027, 0x707f, "fsd", "T,q(s)" },
	AMO(0x10000000, 0xf9f00000, "lr", "d,(s)"), AMO(0x18000000, 0xf8000000, "sc", "d,t,(s)"),
	AMO(0x00000000, 0xf8000000, "amoadd", "d,t,(s)"), AMO(0x08000000, 0xf8000000, "amoswap", "d,t,(s)"),
	AMO(0x20000000, 0xf8000000, "amoxor", "d,t,(s)"), AMO(0x40000000, 0xf8000000, "amoor", "d,t,(s)"),
	AMO(0x60000000, 0xf8000000, "amoand", "d,t,(s)"), AMO(0x80000000, 0xf8000000, "amomin", "d,t,(s)"),
	AMO(0xa0000000, 0xf8000000, "amomax", "d,t,(s)"), AMO(0xc0000000, 0xf8000000, "amominu", "d,t,(s)"),
	AMO(0xe0000000, 0xf8000000, "amomaxu", "d,t,(s)"),
	{ 0x0ff0000f, ~0U, "fence", "" }, { 0x0100000f, ~0U, "pause", "" }, { 0x8330000f, ~0U, "fence.tso", "" },
	{ 0xf, 0xf00fffff, "fence", "P,Q" }, { 0x100f, ~0U, "fence.i", "" },

	/* The system. */
	{ 0xc0001073, ~0U, "unimp", "" }, { 0x73, ~0U, "ecall", "" }, { 0x100073, ~0U, "ebreak", "" },
	{ 0x10200073, ~0U, "sret", "" }, { 0x30200073, ~0U, "mret", "" }, { 0x10500073, ~0U, "wfi", "" },
	{ 0x12000073, ~0U, "sfence.vma", "" }, { 0x12000073, 0xfff07fff, "sfence.vma", "s" },
	{ 0x12000073, 0xfe007fff, "sfence.vma", "s,t" },
	{ 0xc0002073, 0xfffff07f, "rdcycle", "d" }, { 0xc0102073, 0xfffff07f, "rdtime", "d" },
	{ 0xc0202073, 0xfffff07f, "rdinstret", "d" }, { 0x102073, 0xfffff07f, "frflags", "d" },
	{ 0x202073, 0xfffff07f, "frrm", "d" }, { 0x302073, 0xfffff07f, "frcsr", "d" },
	{ 0x101073, 0xfff07fff, "fsflags", "s" }, { 0x101073, 0xfff0707f, "fsflags", "d,s" },
	{ 0x201073, 0xfff07fff, "fsrm", "s" }, { 0x201073, 0xfff0707f, "fsrm", "d,s" },
	{ 0x301073, 0xfff07fff, "fscsr", "s" }, { 0x301073, 0xfff0707f, "fscsr", "d,s" },
	{ 0x105073, 0xfff0707f, "fsflagsi", "d,Z" }, { 0x205073, 0xfff0707f, "fsrmi", "d,Z" },
	{ 0x2073, 0xff07f, "csrr", "d,E" }, { 0x1073, 0x7fff, "csrw", "E,s" }, { 0x2073, 0x7fff, "csrs", "E,s" },
	{ 0x3073, 0x7fff, "csrc", "E,s" }, { 0x5073, 0x7fff, "csrwi", "E,Z" }, { 0x6073, 0x7fff, "csrsi", "E,Z" },
	{ 0x7073, 0x7fff, "csrci", "E,Z" }, { 0x1073, 0x707f, "csrrw", "d,E,s" }, { 0x2073, 0x707f, "csrrs", "d,E,s" },
	{ 0x3073, 0x707f, "csrrc", "d,E,s" }, { 0x5073, 0x707f, "csrrwi", "d,E,Z" }, { 0x6073, 0x707f, "csrrsi", "d,E,Z" },
	{ 0x7073, 0x707f, "csrrci", "d,E,Z" },

	/* Fractions. */
	FMA(0x43, "fmadd"), FMA(0x47, "fmsub"), FMA(0x4b, "fnmsub"), FMA(0x4f, "fnmadd"),
	FP(0x00000000, 0xfe000000, "fadd", "D,S,Tm"), FP(0x08000000, 0xfe000000, "fsub", "D,S,Tm"),
	FP(0x10000000, 0xfe000000, "fmul", "D,S,Tm"), FP(0x18000000, 0xfe000000, "fdiv", "D,S,Tm"),
	FP(0x58000000, 0xfff00000, "fsqrt", "D,Sm"),
	FP(0x20000000, 0xfe007000, "fmv", "=D,S"), FP(0x20001000, 0xfe007000, "fneg", "=D,S"), FP(0x20002000, 0xfe007000, "fabs", "=D,S"),
	FP(0x20000000, 0xfe007000, "fsgnj", "D,S,T"), FP(0x20001000, 0xfe007000, "fsgnjn", "D,S,T"),
	FP(0x20002000, 0xfe007000, "fsgnjx", "D,S,T"), FP(0x28000000, 0xfe007000, "fmin", "D,S,T"),
	FP(0x28001000, 0xfe007000, "fmax", "D,S,T"), FP(0xa0002000, 0xfe007000, "feq", "d,S,T"),
	FP(0xa0001000, 0xfe007000, "flt", "d,S,T"), FP(0xa0000000, 0xfe007000, "fle", "d,S,T"),
	FP(0xe0001000, 0xfff07000, "fclass", "d,S"),
	FP(0xc0000000, 0xfff00000, "fcvt.w", "d,Sm"), FP(0xc0100000, 0xfff00000, "fcvt.wu", "d,Sm"),
	FP(0xc0200000, 0xfff00000, "fcvt.l", "d,Sm"), FP(0xc0300000, 0xfff00000, "fcvt.lu", "d,Sm"),
	{ 0xd0000053, 0xfff0007f, "fcvt.s.w", "D,sm" }, { 0xd0100053, 0xfff0007f, "fcvt.s.wu", "D,sm" },
	{ 0xd0200053, 0xfff0007f, "fcvt.s.l", "D,sm" }, { 0xd0300053, 0xfff0007f, "fcvt.s.lu", "D,sm" },
	{ 0xd2000053, 0xfff0007f, "fcvt.d.w", "D,sn" }, { 0xd2100053, 0xfff0007f, "fcvt.d.wu", "D,sn" },
	{ 0xd2200053, 0xfff0007f, "fcvt.d.l", "D,sm" }, { 0xd2300053, 0xfff0007f, "fcvt.d.lu", "D,sm" },
	{ 0x40100053, 0xfff0007f, "fcvt.s.d", "D,Sm" }, { 0x42000053, 0xfff0007f, "fcvt.d.s", "D,Sn" },
	{ 0xe0000053, 0xfff0707f, "fmv.x.w", "d,S" }, { 0xf0000053, 0xfff0707f, "fmv.w.x", "D,s" },
	{ 0xe2000053, 0xfff0707f, "fmv.x.d", "d,S" }, { 0xf2000053, 0xfff0707f, "fmv.d.x", "D,s" },
};

/* UPPER: signed, 20 bits of it in hexadecimal. ROUND_EXACT: the result always fits, and rne is not told. */
enum kind { REG, REG8, FREG, FREG8, SP, UNSIGNED, HEX, CSR, FENCE, ROUND, ROUND_EXACT, SIGNED, UPPER, TARGET };

static const struct operand {
	char letter;
	uint8_t kind;
	/* So many bits from that one on are those of the operand from this one on. */
	struct {
		uint8_t from, n, to;
	} bits[8];
} operands[] = {
	{ 'd', REG, { { 7, 5, 0 } } }, { 's', REG, { { 15, 5, 0 } } }, { 't', REG, { { 20, 5, 0 } } }, { 'v', REG, { { 2, 5, 0 } } },
	{ 'D', FREG, { { 7, 5, 0 } } }, { 'S', FREG, { { 15, 5, 0 } } }, { 'T', FREG, { { 20, 5, 0 } } },
	{ 'R', FREG, { { 27, 5, 0 } } }, { 'V', FREG, { { 2, 5, 0 } } },
	{ 'x', REG8, { { 7, 3, 0 } } }, { 'w', REG8, { { 2, 3, 0 } } }, { 'W', FREG8, { { 2, 3, 0 } } },
	{ 'j', SIGNED, { { 20, 12, 0 } } }, { 'q', SIGNED, { { 7, 5, 0 }, { 25, 7, 5 } } }, { 'u', UPPER, { { 12, 20, 0 } } },
	{ 'y', HEX, { { 20, 6, 0 } } }, { 'z', HEX, { { 20, 5, 0 } } }, { 'Z', UNSIGNED, { { 15, 5, 0 } } },
	{ 'p', TARGET, { { 8, 4, 1 }, { 25, 6, 5 }, { 7, 1, 11 }, { 31, 1, 12 } } },
	{ 'a', TARGET, { { 21, 10, 1 }, { 20, 1, 11 }, { 12, 8, 12 }, { 31, 1, 20 } } },
	{ 'E', CSR, { { 20, 12, 0 } } }, { 'P', FENCE, { { 24, 4, 0 } } }, { 'Q', FENCE, { { 20, 4, 0 } } },
	{ 'm', ROUND, { { 12, 3, 0 } } }, { 'n', ROUND_EXACT, { { 12, 3, 0 } } },
	/* Of two bytes. */
	{ 'i', SIGNED, { { 2, 5, 0 }, { 12, 1, 5 } } }, { 'h', HEX, { { 2, 5, 0 }, { 12, 1, 5 } } },
	{ 'k', UPPER, { { 2, 5, 0 }, { 12, 1, 5 } } }, { '$', SP, { { 0, 0, 0 } } },
	{ 'A', UNSIGNED, { { 11, 2, 4 }, { 7, 4, 6 }, { 6, 1, 2 }, { 5, 1, 3 } } },
	{ 'B', SIGNED, { { 6, 1, 4 }, { 5, 1, 6 }, { 3, 2, 7 }, { 2, 1, 5 }, { 12, 1, 9 } } },
	{ 'F', UNSIGNED, { { 10, 3, 3 }, { 5, 2, 6 } } }, { 'G', UNSIGNED, { { 10, 3, 3 }, { 6, 1, 2 }, { 5, 1, 6 } } },
	{ 'H', UNSIGNED, { { 12, 1, 5 }, { 4, 3, 2 }, { 2, 2, 6 } } }, { 'K', UNSIGNED, { { 12, 1, 5 }, { 5, 2, 3 }, { 2, 3, 6 } } },
	{ 'L', UNSIGNED, { { 9, 4, 2 }, { 7, 2, 6 } } }, { 'M', UNSIGNED, { { 10, 3, 3 }, { 7, 3, 6 } } },
	{ 'l', TARGET, { { 3, 3, 1 }, { 11, 1, 4 }, { 2, 1, 5 }, { 7, 1, 6 }, { 6, 1, 7 }, { 9, 2, 8 }, { 8, 1, 10 }, { 12, 1, 11 } } },
	{ 'b', TARGET, { { 3, 2, 1 }, { 10, 2, 3 }, { 2, 1, 5 }, { 5, 2, 6 }, { 12, 1, 8 } } },
};

static const char *const regs[] = {
	"zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "s2", "s3", "s4",
	"s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
}, *const fregs[] = {
	"ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1", "fa0", "fa1", "fa2", "fa3", "fa4", "fa5", "fa6", "fa7",
	"fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11",
}, *const rounding[] = { "rne", "rtz", "rdn", "rup", "rmm", "unknown", "unknown", "dyn" };

static const struct {
	uint16_t nr;
	const char *name;
} csrs[] = {
	{ 0x001, "fflags" }, { 0x002, "frm" }, { 0x003, "fcsr" }, { 0xc00, "cycle" }, { 0xc01, "time" }, { 0xc02, "instret" },
	{ 0x100, "sstatus" }, { 0x104, "sie" }, { 0x105, "stvec" }, { 0x106, "scounteren" }, { 0x10a, "senvcfg" }, { 0x140, "sscratch" },
	{ 0x141, "sepc" }, { 0x142, "scause" }, { 0x143, "stval" }, { 0x144, "sip" }, { 0x14d, "stimecmp" }, { 0x180, "satp" },
	{ 0xda0, "scountovf" },
	{ 0x300, "mstatus" }, { 0x301, "misa" }, { 0x302, "medeleg" }, { 0x303, "mideleg" }, { 0x304, "mie" }, { 0x305, "mtvec" },
	{ 0x306, "mcounteren" }, { 0x320, "mcountinhibit" }, { 0x340, "mscratch" }, { 0x341, "mepc" }, { 0x342, "mcause" },
	{ 0x343, "mtval" }, { 0x344, "mip" }, { 0xf11, "mvendorid" }, { 0xf12, "marchid" }, { 0xf13, "mimpid" }, { 0xf14, "mhartid" },
};

static int print_csr(char *text, size_t size, uint32_t nr)
{
	for (size_t i = 0; i < sizeof(csrs) / sizeof(*csrs); i++)
		if (csrs[i].nr == nr)
			return snprintf(text, size, "%s", csrs[i].name);
	if (nr > 0xc02 && nr < 0xc20)
		return snprintf(text, size, "hpmcounter%u", (unsigned int)(nr - 0xc00));
	return snprintf(text, size, "0x%x", (unsigned int)nr);
}

/* The bits of @o in @code; a signed one's highest is the sign. */
static int64_t operand_value(const struct operand *o, uint32_t code)
{
	uint64_t v = 0, sign = 0;

	for (int i = 0; i < 8 && o->bits[i].n; i++) {
		uint64_t part = (code >> o->bits[i].from & ((1U << o->bits[i].n) - 1));

		v |= part << o->bits[i].to;
		if (1ULL << (o->bits[i].to + o->bits[i].n - 1) > sign)
			sign = 1ULL << (o->bits[i].to + o->bits[i].n - 1);
	}
	return o->kind >= SIGNED ? (int64_t)((v ^ sign) - sign) : (int64_t)v;
}

static int print_operand(const struct operand *o, uint32_t code, uint64_t pc, char *text, size_t size, uint64_t *target)
{
	int64_t v = operand_value(o, code);

	switch (o->kind) {
	case REG:
	case REG8:
		return snprintf(text, size, "%s", regs[v + (o->kind == REG8 ? 8 : 0)]);
	case FREG:
	case FREG8:
		return snprintf(text, size, "%s", fregs[v + (o->kind == FREG8 ? 8 : 0)]);
	case HEX:
		return snprintf(text, size, "0x%x", (unsigned int)v);
	case UPPER:
		return snprintf(text, size, "0x%x", (unsigned int)v & 0xfffff);
	case SP:
		return snprintf(text, size, "sp");
	case TARGET:
		*target = pc + v;
		return snprintf(text, size, "%lx", (unsigned long)*target);
	case CSR:
		return print_csr(text, size, v);
	case FENCE:
		if (!v)
			return snprintf(text, size, "unknown");
		return snprintf(text, size, "%s%s%s%s", v & 8 ? "i" : "", v & 4 ? "o" : "", v & 2 ? "r" : "", v & 1 ? "w" : "");
	case ROUND:
		return v == 7 ? 0 : snprintf(text, size, ",%s", rounding[v]);
	case ROUND_EXACT:
		return v == 0 ? 0 : snprintf(text, size, ",%s", rounding[v]);
	default:
		return snprintf(text, size, "%ld", (long)v);
	}
}

static const struct insn *find(uint32_t code)
{
	for (size_t i = 0; i < sizeof(insns) / sizeof(*insns); i++)
		if ((code & insns[i].mask) == insns[i].match &&
		    (*insns[i].operands != '=' || (code >> 15 & 31) == (code >> 20 & 31)))
			return &insns[i];
	return NULL;
}

static const struct operand *find_operand(char letter)
{
	for (size_t i = 0; i < sizeof(operands) / sizeof(*operands); i++)
		if (operands[i].letter == letter)
			return &operands[i];
	return NULL;
}

static void print(const struct insn *in, uint32_t code, uint64_t pc, char *text, size_t size, uint64_t *target)
{
	static const char *const order[] = { "", ".rl", ".aq", ".aqrl" };
	const char *star = strchr(in->name, '*');
	size_t n = star ? snprintf(text, size, "%.*s%s", (int)(star - in->name), in->name, order[code >> 25 & 3]) :
			  snprintf(text, size, "%s", in->name);

	if (*in->operands)
		n += snprintf(text + n, n < size ? size - n : 0, "\t");
	for (const char *p = in->operands + (*in->operands == '='); *p; p++) {
		const struct operand *o = find_operand(*p);

		if (o)
			n += print_operand(o, code, pc, text + n, n < size ? size - n : 0, target);
		else
			n += snprintf(text + n, n < size ? size - n : 0, "%c", *p);
	}
}

unsigned int disassemble(const uint8_t *code, size_t left, uint64_t pc, char *text, size_t size, uint64_t *target)
{
	unsigned int len = left < 2 ? 1 : (code[0] & 3) != 3 ? 2 : 4;
	const struct insn *in = NULL;
	uint32_t word = 0;

	*target = 0;
	if (len > left)
		len = 2;
	for (unsigned int i = 0; i < len; i++)
		word |= (uint32_t)code[i] << 8 * i;
	if (len != 1 && (len == 4 || (word & 3) != 3))
		in = find(word);
	if (in)
		print(in, word, pc, text, size, target);
	else
		snprintf(text, size, ".%ubyte\t0x%x", len, (unsigned int)word);
	return len;
}
