#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The container image and the manifests for Kubernetes: these are valid by its schemas, and
# what they give a container is what the image is run with in a guest, by crun, while a
# container beside it loads the driver: with a runtime's usual masks on /proc, and only the
# capabilities and mounts of the manifest.
# check: kernels=hmm-6.1 seconds=200
. "$(dirname "$0")/../testlib.sh"
image=$(build ARCH=arm64 image) || die "no image: make ARCH=arm64 image"
cp "$image" "$work/first"
image=$(build ARCH=arm64 image)
holds "made once more, it is the same" cmp "$work/first" "$image"
rm "$work/first"

# The validator is from npm, once: afterwards it needs no network.
validator=(kubernetes-models@4.5.1 js-yaml@4.1.0 typescript@5.9.3)
npm=$cache/npm-$(key "${validator[@]}")
make_npm() {
	[ ! -e "$npm/.complete" ] || return 0
	mkdir -p "$npm"
	step "a validator of manifests" npm install --prefix "$npm" --no-audit --no-fund "${validator[@]}" &&
		touch "$npm/.complete"
}
locked npm make_npm
cat >"$npm/to_json.mjs" <<'END'
import { readFileSync } from 'node:fs';
import yaml from 'js-yaml';
import { DaemonSet } from 'kubernetes-models/apps/v1';
const manifest = yaml.load(readFileSync(process.argv[2], 'utf8'));
new DaemonSet(manifest).validate();
console.log(JSON.stringify(manifest));
END
# valid FILE NAME: patterns and what is required by its schema, unknown names by its types.
valid() {
	node "$npm/to_json.mjs" "$1" >"$work/$2.json" || return
	{
		echo "import { IDaemonSet } from 'kubernetes-models/apps/v1';"
		echo "export const manifest: IDaemonSet ="
		cat "$work/$2.json"
	} >"$npm/$2.ts"
	(cd "$npm" && node_modules/.bin/tsc --noEmit --strict --skipLibCheck --moduleResolution bundler \
		--module esnext "$2.ts")
}
for name in daemonset before-driver; do
	holds "$name.yaml is valid" valid "$top/.ci/image/$name.yaml" $name
done
sed 's/mountPath:/mountPaht:/' "$top/.ci/image/daemonset.yaml" >"$work/bad.yaml"
is "what is missing is found" "$(valid "$work/bad.yaml" bad 2>&1 | grep -o 'required property mountPath' | head -n 1)" \
	"required property mountPath"
sed 's/privileged:/privilegd:/' "$top/.ci/image/daemonset.yaml" >"$work/bad.yaml"
is "what is unknown is found" "$(valid "$work/bad.yaml" bad 2>&1 | grep -o "'.privilegd.' does not exist")" \
	"'\"privilegd\"' does not exist"

# The image, as a runtime unpacks it.
mkdir "$work/oci"
tar -C "$work/oci" -xf "$image"
version=$(jq -r '.manifests[0].annotations["org.opencontainers.image.ref.name"]' "$work/oci/index.json")
holds "umoci unpacks it" umoci unpack $([ "$(id -u)" = 0 ] || echo --rootless) \
	--image "$work/oci:$version" "$work/bundle"
is "it is for arm64, and starts vmemmapwatch" \
	"$(umoci stat --image "$work/oci:$version" --json | jq -r '.history | length') $(jq -r '.process.args[0]' "$work/bundle/config.json")" \
	"2 /usr/sbin/vmemmapwatch"
is "no shell is in it" "$(find "$work/bundle/rootfs" -name sh -o -name bash -o -name busybox)" ""
say "image: $(du -sm "$work/bundle/rootfs" | cut -f1) MiB unpacked, $(($(stat -c %s "$image") >> 20)) MiB packed"
tar -C "$work/bundle" -cf "$work/rootfs.tar" rootfs

# container NAME CGROUP ARGUMENT...: config.json as a kubelet would have it by the manifest.
container() {
	local name=$1 cgroup=$2 args
	shift 2
	args=$(printf '%s\n' "$@" | jq -Rsc 'split("\n")[:-1] - [""]')
	jq --slurpfile manifest "$work/$name.json" --arg cgroup "$cgroup" '
		($manifest[0].spec.template.spec) as $pod | $pod.containers[0] as $c |
		($c.securityContext) as $security |
		[$c.securityContext.capabilities.add[]? | "CAP_" + .] as $added |
		.process.args = ["/usr/sbin/vmemmapwatch"] + (if $args == [] then $c.args else $args end) |
		.process.terminal = false | del(.mounts[] | select(.destination == "/dev/mqueue")) | .root = {path: "../rootfs", readonly: ($security.readOnlyRootFilesystem // false)} |
		.process.noNewPrivileges = ($security.allowPrivilegeEscalation == false) |
		.linux.cgroupsPath = $cgroup | del(.linux.seccomp, .linux.uidMappings, .linux.gidMappings) |
		.linux.namespaces = [{type: "pid"}, {type: "mount"}, {type: "ipc"}, {type: "uts"}, {type: "network"}, {type: "cgroup"}] |
		if $security.privileged then
			.linux.maskedPaths = [] | .linux.readonlyPaths = [] |
			.linux.resources.devices = [{allow: true, access: "rwm"}] |
			(.mounts[] | select(.destination == "/sys") | .options) -= ["ro"] |
			.linux.devices = [{path: "/dev/kmsg", type: "c", major: 1, minor: 11}] |
			.process.capabilities[] = $all
		else
			.linux.maskedPaths = ["/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/sched_debug", "/proc/scsi", "/sys/firmware"] |
			.linux.readonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"] |
			.process.capabilities[] = $added
		end |
		.mounts += [$c.volumeMounts[] as $m | $pod.volumes[] | select(.name == $m.name) |
			if .hostPath then {destination: $m.mountPath, type: "none", source: .hostPath.path,
				options: (["rbind", "rslave"] + if $m.readOnly then ["ro"] else ["rw"] end)}
			else {destination: $m.mountPath, type: "tmpfs", source: "tmpfs", options: ["nosuid", "nodev"]} end]
		' --argjson all "$all" --argjson args "$args" "$work/bundle/config.json"
}
all=$(jq -nc '["CHOWN","DAC_OVERRIDE","DAC_READ_SEARCH","FOWNER","KILL","SETGID","SETUID","SETPCAP","NET_ADMIN",
	"SYS_MODULE","SYS_RAWIO","SYS_CHROOT","SYS_PTRACE","SYS_ADMIN","SYS_NICE","SYS_RESOURCE","MKNOD",
	"SYSLOG","PERFMON","BPF"] | map("CAP_" + .)')
container daemonset /kubepods/watch >"$work/watch.json"
container before-driver /kubepods/trace >"$work/trace.json"
container daemonset /kubepods/support --support --json >"$work/support.json"
# Without each of its rights, one after the other.
given=$(jq -r '.spec.template.spec.containers[0].securityContext.capabilities.add[]' "$work/daemonset.json")
for right in $given; do
	jq --arg without "CAP_$right" '.process.capabilities[] -= [$without]' "$work/support.json" |
		jq '.process.args = ["/usr/sbin/vmemmapwatch", "--trace", "--for", "1"]' >"$work/without-$right.json"
done
# The driver's pod: a container of its own that loads the module.
container before-driver /kubepods/driver >"$work/driver.json"
jq '.process.args = ["/busybox", "insmod", "/test_hmm.ko"] | .mounts += [
	{destination: "/busybox", type: "none", source: "/harness/bin/busybox", options: ["bind", "ro"]},
	{destination: "/test_hmm.ko", type: "none", source: "/root/test_hmm.ko", options: ["bind", "ro"]}]' \
	"$work/driver.json" >"$work/driver" && mv "$work/driver" "$work/driver.json"

adds=()
for name in watch trace support driver $(printf "without-%s " $given); do
	adds+=(--add "$work/$name.json:/root/$name/config.json")
done
boot image --init systemd --append nokaslr --timeout 900 --package none "${adds[@]}" \
	--add "$work/rootfs.tar:/root/rootfs.tar" --add "$top/tests/guest/systemd.sh:/root/systemd.sh" <<'END'
. ./guest.sh
. ./systemd.sh
tar -xf rootfs.tar
touch rootfs/busybox rootfs/test_hmm.ko
[ -e /harness/bin/busybox ] || cp /bin/busybox /harness/bin/busybox
cp $test_hmm /root/test_hmm.ko
run() {
	crun run --bundle /root/$1 $1
}
part support; run support; echo $? >/tmp/code
part support.code; cat /tmp/code
for name in without-*; do
	part $name; run $name 2>&1; echo code $?
done
run watch >/tmp/watch 2>&1 &
run trace >/tmp/trace 2>/tmp/trace.err &
await 60 grep -q 'probes attached' /tmp/watch
await 60 grep -q 'probes attached' /tmp/trace.err
part driver; run driver 2>&1; echo code $?
await 30 sh -c '[ $(grep -c "\"type\":\"offender\"" /tmp/trace) -ge 2 ]'
part report; crun exec watch /usr/sbin/vmemmapwatch --report --json; echo $? >/tmp/code
part report.code; cat /tmp/code
part dmesg; dmesg | grep 'vmemmapwatch: '
crun kill trace TERM
crun kill watch TERM
await 30 sh -c '! crun list -q | grep -q .'
wait
part trace; cat /tmp/trace
part watch; cat /tmp/watch
part trace.err; cat /tmp/trace.err
part left; grep -c . /sys/kernel/debug/kprobes/list || true
END
text() {
	cat "$work/image/$1"
}
is "the guest lives" "$(text status)" 0
holds "--support, with the DaemonSet's rights: valid" "$top/tests/schema" support <"$work/image/support"
for right in $given; do
	matches "the DaemonSet needs $right" "$(text without-$right | xargs)" "CAP_$right is missing .* code 3\$"
done
is "the driver's container loads it" "$(text driver)" "code 0"
holds "the watch's report is valid" "$top/tests/schema" report <"$work/image/report"
is "it has offenders" "$(text report.code)" 1
is "the driver, and the cgroup of the container that loaded it" \
	"$(jq -r '[.offenders[] | select(.live) | .driver + " " + .cgroup] | join("|")' "$work/image/report")" \
	"test_hmm /kubepods/driver|test_hmm /kubepods/driver"
is "nothing was lost" "$(jq '[.losses[] | select(.count | type == "number" and . > 0)] | length' "$work/image/report")" 0
is "the trace says the same, a line each" \
	"$(jq -r 'select(.type == "offender") | .driver + " " + .cgroup' "$work/image/trace" | sort | uniq -c | xargs)" \
	"2 test_hmm /kubepods/driver"
is "and the kernel log has it first" "$(text dmesg | head -n 1 | grep -o 'vmemmapwatch: test_hmm gets')" \
	"vmemmapwatch: test_hmm gets"
is "containers that end leave nothing attached" "$(text left)" 0
exit $((failures > 0))
