using BenchmarkDotNet.Running;
using Millrace.Schemas.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(ValidationBenchmarks).Assembly).Run(args);
