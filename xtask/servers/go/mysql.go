// A server of MySQL 8's protocol, by go-mysql-server: who logs in as root finds
// support.records. What is locked wants caching_sha2_password over TLS.
//
//	mysql ADDRESS open|locked CERTIFICATE KEY
package main

import (
	"context"
	"crypto/tls"
	"io"
	"os"

	sqle "github.com/dolthub/go-mysql-server"
	"github.com/dolthub/go-mysql-server/memory"
	"github.com/dolthub/go-mysql-server/server"
	"github.com/dolthub/go-mysql-server/sql"
	"github.com/dolthub/go-mysql-server/sql/mysql_db"
)

func check(err error) {
	if err != nil {
		println(err.Error())
		os.Exit(1)
	}
}

func main() {
	address, state := os.Args[1], os.Args[2]
	provider := memory.NewDBProvider(memory.NewDatabase("support"))
	engine := sqle.NewDefault(provider)
	session := memory.NewSession(sql.NewBaseSession(), provider)
	ctx := sql.NewContext(context.Background(), sql.WithSession(session))
	ctx.SetCurrentDatabase("support")
	session.SetClient(sql.Client{User: "root", Address: "localhost"})
	run := func(query string) {
		_, rows, _, err := engine.Query(ctx, query)
		check(err)
		for {
			if _, err = rows.Next(ctx); err == io.EOF {
				break
			}
			check(err)
		}
		check(rows.Close(ctx))
	}
	run("CREATE TABLE records (id bigint PRIMARY KEY, mail varchar(80), created datetime)")
	run("INSERT INTO records VALUES (1, 'anna@example.com', '2019-12-05 10:00:00'), (2, 'ben@example.org', '2019-12-28 11:00:00')")
	users := engine.Analyzer.Catalog.MySQLDb
	users.SetPersister(&mysql_db.NoopPersister{})
	users.SetEnabled(true)
	users.AddRootAccount()
	if state != "open" {
		run("CREATE USER 'root'@'%' IDENTIFIED WITH caching_sha2_password BY 's3cret'")
		run("GRANT ALL ON *.* TO 'root'@'%'")
		run("DROP USER 'root'@'localhost'")
	}
	config := server.Config{Protocol: "tcp", Address: address, Version: "8.0.33"}
	if state == "locked" {
		pair, err := tls.LoadX509KeyPair(os.Args[3], os.Args[4])
		check(err)
		config.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}}
	}
	listener, err := server.NewServer(config, engine, sql.NewContext, memory.NewSessionBuilder(provider), nil)
	check(err)
	check(listener.Start())
}
