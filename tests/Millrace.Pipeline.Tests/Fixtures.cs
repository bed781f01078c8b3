using Millrace.Pipeline.Tests;
using Millrace.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(KafkaFixture))]
[assembly: AssemblyFixture(typeof(EmbeddedBrokerFixture))]
