#!/usr/bin/env bash
# Starts one real server in one state, in the foreground, on loopback.
#
#   P=21001 Q=21002 R=21003 T=21004 D=/empty/folder debian.sh NAME STATE
#   … debian.sh NAME STATE then        what has to be done once it listens
#
# The packages are Debian's, but for Elasticsearch from Maven Central and what
# registry.sh has, which are kept in the folder CACHE. Every server keeps its files in D and runs as the
# user nobody where it can. The passwords are no secrets: nothing but loopback
# reaches these servers, and no probe knows them.
set -euo pipefail
L=127.0.0.1
# Ends with the test that started it, unless it is meant to stay.
tied=(setpriv --pdeathsig KILL)
if [[ ${STAY:-} ]]; then tied=(env); fi
as=("${tied[@]}")
if [[ $EUID -eq 0 ]]; then as=(setpriv --reuid=65534 --regid=65534 --clear-groups "${tied[@]}"); fi
name=$1 state=$2 then=${3:-}

conf() { printf "$1\n" >"$D/conf"; chmod 644 "$D/conf"; }
run() { exec "${as[@]}" "$@"; }
bcrypt() { htpasswd -nbBC4 alice s3cret; }
# An authority in ca.pem, what it signed (server, postgres) and what it did not
# (other); short-lived and worth nothing.
certificates() {
    local who ca config='[req]\ndistinguished_name=d\n[d]\n'
    for who in ca other-ca; do
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -config <(printf "$config") \
            -subj "/CN=tests $who" -addext basicConstraints=critical,CA:TRUE -keyout "$D/$who.key" -out "$D/$who.pem" 2>/dev/null
    done
    for who in server postgres other; do
        ca=ca
        if [[ $who == other ]]; then ca=other-ca; fi
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -config <(printf "$config") \
            -CA "$D/$ca.pem" -CAkey "$D/$ca.key" -subj "/CN=${who/other/postgres}" \
            -addext subjectAltName=IP:$L,DNS:localhost -addext basicConstraints=critical,CA:FALSE \
            -keyout "$D/$who.key" -out "$D/$who.pem" 2>/dev/null
    done
    if [[ $EUID -eq 0 ]]; then chown 65534 "$D"/*.key; fi
    chmod 600 "$D"/*.key
}
post() { curl -sf -m 5 "http://$L:$P$1" -d "$2" >/dev/null; }

redis() {
    local common=(--bind "$L" --port "$P" --dir "$D" --save "")
    case $state in
    open) run redis-server "${common[@]}" ;;
    locked) run redis-server "${common[@]}" --requirepass s3cret ;;
    user-off) conf "bind $L\nport $P\ndir $D\nsave \"\"\nuser default off" ;;
    # PING says PONG, and keys of one pattern can be read by name.
    pong) conf "bind $L\nport $P\ndir $D\nsave \"\"\nuser default on nopass ~pub:* -@all +get +ping" ;;
    nothing) conf "bind $L\nport $P\ndir $D\nsave \"\"\nuser default on nopass ~* -@all +ping" ;;
    renamed) conf "bind $L\nport $P\ndir $D\nsave \"\"\nrename-command INFO \"\"\nrename-command DBSIZE \"\"" ;;
    esac
    run redis-server "$D/conf"
}

memcached() {
    case $state in
    open) run memcached -l "$L" -p "$P" -U 0 ;;
    locked)
        echo alice:s3cret >"$D/users"
        run memcached -l "$L" -p "$P" -U 0 -Y "$D/users"
        ;;
    sasl)
        printf 'mech_list: plain\nsasldb_path: %s/db\n' "$D" >"$D/memcached.conf"
        echo s3cret | saslpasswd2 -p -c -a memcached -f "$D/db" alice
        chown 65534 "$D/db"
        run env SASL_CONF_PATH="$D" memcached -S -l "$L" -p "$P" -U 0
        ;;
    esac
}

postgresql() {
    local bin=(/usr/lib/postgresql/*/bin) user=postgres how=(-A trust) more=() lines=''
    echo s3cret >"$D/pw"
    case $state in
    locked) how=(-A scram-sha-256 "--pwfile=$D/pw") ;;
    md5 | password) how=(-A "$state" "--pwfile=$D/pw") ;;
    # Nobody is asked for a password, and the role postgres does not exist.
    no-role) user=other ;;
    tls) lines='hostssl all all 0.0.0.0/0 trust' ;;
    certificate) lines='hostssl all all 0.0.0.0/0 cert' ;;
    tls-password) lines='hostssl all all 0.0.0.0/0 scram-sha-256' how=(-A scram-sha-256 "--pwfile=$D/pw") ;;
    # A password over TLS, and without TLS none.
    tls-or-nothing) lines='hostssl all all 0.0.0.0/0 scram-sha-256\nhostnossl all all 0.0.0.0/0 trust' ;;
    esac
    "${as[@]}" "${bin[0]}/initdb" -D "$D/data" -U "$user" -N --locale=C "${how[@]}" >/dev/null
    if [[ $lines ]]; then
        certificates
        printf "$lines\nlocal all all trust\n" >"$D/data/pg_hba.conf"
        more=(-c ssl=on -c "ssl_cert_file=$D/server.pem" -c "ssl_key_file=$D/server.key" -c "ssl_ca_file=$D/ca.pem")
    fi
    run "${bin[0]}/postgres" -D "$D/data" -h "$L" -p "$P" -k "$D" "${more[@]}"
}

mariadb() {
    local more=() sql=''
    "${as[@]}" mariadb-install-db --no-defaults --datadir="$D/data" \
        --tmpdir="$D" --auth-root-authentication-method=normal --innodb-log-file-size=4M >/dev/null
    # One statement a line; install-db also makes passwordless root@127.0.0.1.
    local others="DELETE FROM mysql.global_priv WHERE User='root' AND Host<>'localhost';\nFLUSH PRIVILEGES;"
    case $state in
    locked | tls-password) sql="$others\nALTER USER root@localhost IDENTIFIED BY 's3cret';" ;;
    # A password for root@localhost alone, and names are not resolved: root@127.0.0.1 has none.
    one-of-two) sql="ALTER USER root@localhost IDENTIFIED BY 's3cret';" more=(--skip-name-resolve) ;;
    # No user may come from this address, which the first packet says.
    other-host) sql="DELETE FROM mysql.global_priv WHERE Host<>'localhost';\nFLUSH PRIVILEGES;" more=(--skip-name-resolve) ;;
    no-grants) more=(--skip-grant-tables --skip-networking=0) ;;
    certificate) sql="$others\nALTER USER root@localhost REQUIRE X509;" ;;
    esac
    case $state in
    tls* | certificate)
        certificates
        more+=("--ssl-cert=$D/server.pem" "--ssl-key=$D/server.key" "--ssl-ca=$D/ca.pem" --require-secure-transport=ON)
        ;;
    esac
    if [[ $sql ]]; then
        printf "$sql\n" >"$D/init.sql"
        more+=("--init-file=$D/init.sql")
    fi
    run mariadbd --no-defaults --datadir="$D/data" --bind-address="$L" --port="$P" --socket="$D/sock" --tmpdir="$D" "${more[@]}"
}

etcd() {
    if [[ $then ]]; then
        post /v3/auth/user/add '{"name":"root","password":"s3cret"}'
        post /v3/auth/role/add '{"name":"root"}'
        post /v3/auth/user/grant '{"user":"root","role":"root"}'
        post /v3/auth/enable '{}'
        return
    fi
    # The port for other nodes tells its version to anyone, and holds nothing.
    if [[ $state == peer ]]; then
        local peer=$P
        P=$Q Q=$peer
    fi
    run etcd --data-dir "$D/data" --listen-client-urls "http://$L:$P" \
        --advertise-client-urls "http://$L:$P" --listen-peer-urls "http://$L:$Q"
}

zookeeper() {
    local more='' enforced='enforce.auth.enabled=true\nenforce.auth.schemes=digest'
    if [[ $then ]]; then
        printf 'addauth digest alice:s3cret\nsetAcl / auth:alice:s3cret:cdrwa\n' |
            java -cp /usr/share/java/zookeeper.jar org.apache.zookeeper.ZooKeeperMain -server "$L:$P"
        return
    fi
    case $state in
    locked) more=$enforced ;;
    # Every four-letter word is answered, and no data.
    words) more="$enforced\n4lw.commands.whitelist=*" ;;
    esac
    conf "dataDir=$D/data\nclientPortAddress=$L\nclientPort=$P\nadmin.enableServer=false\n$more"
    run java -cp /usr/share/java/zookeeper.jar org.apache.zookeeper.server.ZooKeeperServerMain "$D/conf"
}

rabbitmq() {
    # An epmd of its own, in this process group, so that it ends with it.
    env ERL_EPMD_ADDRESS="$L" ERL_EPMD_PORT="$T" "${as[@]}" epmd -port "$T" -address "$L" &
    local amqp=$P web=$Q
    echo '[].' >"$D/plugins"
    # The console's first page is for everyone; what it shows is not.
    if [[ $state == management ]]; then
        amqp=$Q web=$P
        echo '[rabbitmq_management].' >"$D/plugins"
    fi
    # Lets anyone in by MQTT as guest.
    if [[ $state == mqtt ]]; then
        amqp=$Q
        echo '[rabbitmq_mqtt].' >"$D/plugins"
        printf 'mqtt.listeners.tcp.1=%s:%s\n' "$L" "$P" >"$D/rabbit.conf"
    fi
    if [[ $state == management ]]; then printf 'management.tcp.ip=%s\nmanagement.tcp.port=%s\n' "$L" "$web" >"$D/rabbit.conf"; fi
    if [[ $state == locked ]]; then printf 'default_user=alice\ndefault_pass=s3cret\n' >"$D/rabbit.conf"; fi
    printf 'listeners.tcp.1=%s:%s\n' "$L" "$amqp" >>"$D/rabbit.conf"
    run env HOME="$D" RABBITMQ_NODENAME="t$P@localhost" RABBITMQ_CONFIG_FILE="$D/rabbit.conf" \
        RABBITMQ_MNESIA_BASE="$D" RABBITMQ_LOG_BASE="$D" RABBITMQ_ENABLED_PLUGINS_FILE="$D/plugins" \
        RABBITMQ_DIST_PORT="$R" ERL_EPMD_ADDRESS="$L" ERL_EPMD_PORT="$T" \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}' \
        /usr/lib/rabbitmq/bin/rabbitmq-server
}

influxdb() {
    if [[ $then ]]; then
        [[ $state == locked ]] || return 0
        curl -sf -m 5 "http://$L:$P/query" --data-urlencode \
            "q=CREATE USER alice WITH PASSWORD 's3cret' WITH ALL PRIVILEGES" >/dev/null
        return
    fi
    local auth=true
    if [[ $state == open ]]; then auth=false; fi
    run env INFLUXDB_HTTP_AUTH_ENABLED=$auth INFLUXDB_META_DIR="$D/m" INFLUXDB_DATA_DIR="$D/d" \
        INFLUXDB_DATA_WAL_DIR="$D/w" INFLUXDB_HTTP_BIND_ADDRESS="$L:$P" \
        INFLUXDB_BIND_ADDRESS="$L:$Q" INFLUXDB_REPORTING_DISABLED=true influxd -config /dev/null
}

clickhouse() {
    local password=''
    if [[ $state == locked ]]; then password=s3cret; fi
    conf "<yandex><logger><console>1</console></logger><listen_host>$L</listen_host><http_port>$P</http_port><tcp_port>$Q</tcp_port><path>$D/h/</path><tmp_path>$D/h/t/</tmp_path><users_config>$D/users.xml</users_config><mark_cache_size>9999999</mark_cache_size></yandex>"
    mv "$D/conf" "$D/conf.xml"
    echo "<yandex><profiles><default/></profiles><quotas><default/></quotas><users><default><password>$password</password><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota></default></users></yandex>" >"$D/users.xml"
    run clickhouse-server --config-file="$D/conf.xml"
}

# The same server, asked at its native port.
clickhouse-native() {
    local http=$Q
    Q=$P P=$http clickhouse
}

nats() {
    case $state in
    open) run nats-server -a "$L" -p "$P" ;;
    # Has no lock, whatever the other port has.
    monitor) run nats-server -a "$L" -p "$Q" -m "$P" --user alice --pass s3cret ;;
    locked) run nats-server -a "$L" -p "$P" --user alice --pass s3cret ;;
    no-rights)
        conf "listen: \"$L:$P\"\nno_auth_user: guest\nauthorization { users: [ {user: alice, password: s3cret}, {user: guest, password: x, permissions: {publish: \"a\", subscribe: \"a\"}} ] }"
        run nats-server -c "$D/conf"
        ;;
    esac
}

mosquitto() {
    case $state in
    open) conf "listener $P $L\nallow_anonymous true" ;;
    locked)
        mosquitto_passwd -b -c "$D/pw" alice s3cret
        chown 65534 "$D/pw"
        conf "listener $P $L\nallow_anonymous false\npassword_file $D/pw"
        ;;
    # Grants every subscription to everyone, and delivers to alice alone.
    silent)
        printf 'user alice\ntopic #\n' >"$D/acl"
        conf "listener $P $L\nallow_anonymous true\nacl_file $D/acl"
        ;;
    esac
    run mosquitto -c "$D/conf"
}

prometheus() {
    conf 'global: {}'
    local more=()
    if [[ $state == locked ]]; then
        printf "basic_auth_users:\n  alice: '%s'\n" "$(bcrypt | cut -d: -f2)" >"$D/web"
        more=("--web.config.file=$D/web")
    fi
    run prometheus --config.file="$D/conf" --storage.tsdb.path="$D/t" --web.listen-address="$L:$P" "${more[@]}"
}

victoriametrics() {
    local more=()
    if [[ $state == locked ]]; then more=(-httpAuth.username=alice -httpAuth.password=s3cret); fi
    run victoria-metrics -storageDataPath="$D/v" -httpListenAddr="$L:$P" "${more[@]}"
}

registry() {
    local more=''
    if [[ $state == locked ]]; then
        bcrypt >"$D/ht"
        more="auth: {htpasswd: {realm: t, path: $D/ht}}"
    fi
    conf "version: 0.1\nstorage: {filesystem: {rootdirectory: $D/r}}\nhttp: {addr: \"$L:$P\"}\n$more"
    run docker-registry serve "$D/conf"
}

slapd() {
    local head='' tail=''
    case $state in
    # By the book it is locked; a search without any bind is answered.
    no-bind) head='disallow bind_anon' ;;
    no-bind-locked) head='disallow bind_anon\nrequire authc' ;;
    locked) tail='access to * by users read by anonymous auth' ;;
    esac
    conf "include /etc/ldap/schema/core.schema\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\n$head\ndatabase mdb\nsuffix o=x\nrootdn cn=a,o=x\nrootpw s3cret\ndirectory $D/l\n$tail"
    mkdir -m 777 "$D/l"
    printf 'dn: o=x\nobjectClass: organization\no: x\n' | "${as[@]}" /usr/sbin/slapadd -f "$D/conf"
    run /usr/sbin/slapd -f "$D/conf" -h "ldap://$L:$P/" -d 0
}

rsync() {
    local more='' other=''
    mkdir "$D/s"
    echo hi >"$D/s/f"
    echo alice:s3cret >"$D/secrets"
    chown 65534 "$D/secrets"
    chmod 600 "$D/secrets"
    if [[ $state == locked ]]; then more="auth users=alice\nsecrets file=$D/secrets"; fi
    if [[ $state == half ]]; then other="[n]\npath=$D/s\nauth users=alice\nsecrets file=$D/secrets"; fi
    case $state in
    # Not listed, and open to who knows the name.
    unnamed | hidden) more='list=no' ;;
    other-client) more='hosts deny=*' ;;
    esac
    conf "port=$P\naddress=$L\nuse chroot=no\n[m]\npath=$D/s\n$more\n$other"
    run rsync --daemon --no-detach --config="$D/conf"
}

vsftpd() {
    local anonymous=YES local=NO more=''
    if [[ $state == locked ]]; then anonymous=NO local=YES; fi
    # Lets anonymous in before a password is asked for.
    if [[ $state == no-password ]]; then more='no_anon_password=YES'; fi
    mkdir -p "$D/s"
    echo hi >"$D/s/f"
    conf "listen=YES\nbackground=NO\nlisten_address=$L\nlisten_port=$P\nsecure_chroot_dir=$D/s\nseccomp_sandbox=NO\nxferlog_enable=NO\nanon_root=$D/s\nanonymous_enable=$anonymous\nlocal_enable=$local\n$more"
    exec "${tied[@]}" /usr/sbin/vsftpd "$D/conf"
}

samba() {
    local guest='Bad User' ok=yes more='' other=''
    case $state in
    locked) guest=Never ok=no ;;
    half) other="[n]\npath=$D/s\nguest ok=no" ;;
    hidden) guest=Never ok=no more='restrict anonymous=2' ;;
    # Nobody who is anonymous has a key to encrypt by.
    encrypted) more='smb encrypt=required' ;;
    old) more='server max protocol=NT1\nserver min protocol=NT1' ;;
    esac
    mkdir "$D/v" "$D/s"
    echo hi >"$D/s/f"
    chown 65534 "$D/v"
    conf "[global]\ninterfaces=$L\nbind interfaces only=yes\nsmb ports=$P\nlock directory=$D/v\nstate directory=$D/v\ncache directory=$D/v\nprivate dir=$D/v\npid directory=$D/v\nncalrpc dir=$D/v/n\nguest account=nobody\nload printers=no\ndisable spoolss=yes\nmap to guest=$guest\n$more\n[m]\npath=$D/s\nguest ok=$ok\n$other"
    run /usr/sbin/smbd --foreground --no-process-group --debug-stdout --configfile="$D/conf"
}

ganesha() {
    local client='*' other=''
    export_() { printf '%s' "EXPORT { Export_Id=$1; Path=$D/s; Pseudo=/$2; Protocols=4; FSAL { Name=VFS; } $3 }"; }
    mkdir "$D/s"
    echo hi >"$D/s/f"
    case $state in
    open) other=$(export_ 1 m 'Access_Type=RO; SecType=none,sys;') ;;
    locked) other=$(export_ 1 m 'Access_Type=RO; SecType=krb5;') ;;
    half) other="$(export_ 1 m 'Access_Type=RO; SecType=none,sys;') $(export_ 2 a/n 'Access_Type=RO; SecType=krb5;')" ;;
    other-client) other=$(export_ 1 m 'Access_Type=None; CLIENT { Clients=192.0.2.1; Access_Type=RO; }') ;;
    esac
    conf "NFS_CORE_PARAM { NFS_Port=$P; Protocols=4; Bind_addr=$L; Enable_NLM=false; Enable_RQUOTA=false; Enable_UDP=false; } NFSv4 { RecoveryBackend=fs; RecoveryRoot=$D; Graceless=true; } $other"
    exec "${tied[@]}" /usr/bin/ganesha.nfsd -F -L STDOUT -f "$D/conf" -p "$D/p"
}

# A proxy's password in front of whatever; a page with Elasticsearch's words in it.
nginx() {
    local more=''
    mkdir -p "$D/s"
    printf '{ "name" : "a", "version" : { "number" : 7 }, "tagline" : "You Know, for Search" } said the page' >"$D/s/index.html"
    if [[ $state == locked ]]; then
        bcrypt >"$D/ht"
        more="auth_basic x; auth_basic_user_file $D/ht;"
    fi
    chmod -R a+rX "$D"
    conf "daemon off; pid $D/p; error_log stderr; events {} http { access_log off; client_body_temp_path $D/b; proxy_temp_path $D/b; fastcgi_temp_path $D/b; uwsgi_temp_path $D/b; scgi_temp_path $D/b; server { listen $L:$P; root $D/s; $more } }"
    exec "${tied[@]}" /usr/sbin/nginx -e stderr -c "$D/conf"
}

# Speaks MySQL's protocol, and lets in any user.
sphinx() {
    conf "index rt { type=rt\n path=$D/rt\n rt_field=t\n rt_attr_uint=g\n}\nsearchd { listen=$L:$P:mysql41\n pid_file=$D/p\n binlog_path=$D\n log=$D/l\n}"
    run searchd --nodetach --config "$D/conf"
}

elasticsearch() {
    # Maven Central has distributions for integration tests, without security.
    local version=7.10.2 repo=$CACHE/m2
    local dir=$repo/org/elasticsearch/distribution/integ-test-zip/elasticsearch/$version
    mvn -q -B -Dmaven.repo.local="$repo" dependency:get -Dtransitive=false \
        "-Dartifact=org.elasticsearch.distribution.integ-test-zip:elasticsearch:$version:zip"
    unzip -q "$dir/elasticsearch-$version.zip" -d "$D"
    local home=("$D"/elasticsearch-*)
    chmod +x "${home[0]}"/bin/*
    if [[ $EUID -eq 0 ]]; then chown -R 65534 "${home[0]}"; fi
    run env JAVA_HOME=/usr/lib/jvm/java-17-openjdk-amd64 ES_JAVA_OPTS='-Xms320m -Xmx320m' \
        "${home[0]}/bin/elasticsearch" -Ediscovery.type=single-node \
        -Ehttp.port="$P" -Etransport.port="$Q" \
        -Ecluster.routing.allocation.disk.threshold_enabled=false
}

source "$(dirname "${BASH_SOURCE[0]}")/registry.sh"

if [[ ! $then ]]; then
    chmod 777 "$D"
    cd "$D"
fi
"$name"
