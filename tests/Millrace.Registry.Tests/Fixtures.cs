using Millrace.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
