#!/usr/bin/env python3
"""compare.py PROGRAM: the figures of core_bench beside PyTorch's (Debian: python3-torch and libopenblas0-pthread).

The same forward pass, multi-head attention with all of its named steps, and its gradients: one thread, medians in
microseconds. PyTorch's BLAS matters: the reference BLAS is several times slower than OpenBLAS.
"""
import os
import subprocess
import sys
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
SHAPES = [(6, 8, 2), (10, 128, 8), (10, 512, 8), (128, 128, 8), (512, 512, 8), (1024, 512, 8)]


def own_figures(program):
    text = subprocess.run([program, "1"], check=True, capture_output=True, text=True).stdout
    figures = {}
    for line in text.splitlines():
        word = line.split()
        figures[tuple(int(x) for x in word[:3])] = dict(zip(word[3::2], (float(x) for x in word[4::2])))
    return figures


def median_of(run):
    took, begin = [], time.thread_time()
    while len(took) < 5 or (len(took) < 2000 and time.thread_time() - begin < 1):
        start = time.thread_time_ns()
        run()
        took.append((time.thread_time_ns() - start) / 1e3)
    return sorted(took)[len(took) // 2]


def torch_figure(torch, shape, dtype, gradients):
    n, d, heads = shape
    x = (torch.randn(n, d, dtype=dtype) / 8).requires_grad_(gradients)
    weights = [(torch.randn(d, d, dtype=dtype) / 8).requires_grad_(gradients) for _ in range(4)]
    seed = torch.randn(n, d, dtype=dtype)

    def run():
        q, k, v = [(x @ w).view(n, heads, d // heads).transpose(0, 1) for w in weights[:3]]
        a = torch.softmax(q @ k.transpose(1, 2) / (d // heads) ** 0.5, -1)
        y = (a @ v).transpose(0, 1).reshape(n, d) @ weights[3]
        if gradients:
            y.backward(seed)

    return median_of(run)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    own = own_figures(sys.argv[1])
    try:
        import torch
        torch.set_num_threads(1)
    except ImportError:
        torch = None
        print("PyTorch is not installed: qkv's figures alone")
    print("tokens d_model heads |  record  replay    both | float64  ratio    both  ratio | float32")
    for shape in SHAPES:
        f = own[shape]
        line = "%6d %7d %5d | %7.0f %7.1f %7.0f" % (*shape, f["record"], f["replay"], f["both"])
        if torch:
            double = torch_figure(torch, shape, torch.float64, False)
            both = torch_figure(torch, shape, torch.float64, True)
            single = torch_figure(torch, shape, torch.float32, False)
            line += " | %7.0f %6.2f %7.0f %6.2f | %7.0f" % (double, double / f["replay"], both, both / f["both"], single)
        print(line, flush=True)


if __name__ == "__main__":
    main()
