<?php
/**
 * As much of WordPress as docs/ajil-push.php uses, so that the file itself is run: hooks in their order, the feed's
 * functions over given posts, real requests. Reads a scene from standard input, writes what became of it.
 *
 * Scene: {"url", "secret", "posts": {id: fields}, "steps": [{"do": "transition"|"after"|"shutdown"|"delete"|"retry"|
 * "status"|"notices", …}], "cron": bool}. Of a post: status, password, type, guid, link, title, content, excerpt, categories, tags,
 * author, published, modified, image.
 *
 * @package Ajil
 */

// phpcs:ignoreFile

define( 'ABSPATH', '/' );
define( 'DAY_IN_SECONDS', 86400 );
$scene = json_decode( stream_get_contents( STDIN ), true, 512, JSON_THROW_ON_ERROR );
set_error_handler(
	static function ( $level, $said, $file, $line ) {
		if ( error_reporting() & $level ) {
			throw new ErrorException( $said, 0, $level, $file, $line );
		}
	}
);

$actions    = array();
$scheduled  = array();
$requests   = array();
$transients = array();
$current    = null;
$wp_query   = (object) array( 'is_feed' => false );

class WP_Post {
	public $ID, $post_status, $post_password, $post_type, $fields;
	public function __construct( $id, $fields ) {
		$this->ID            = (int) $id;
		$this->post_status   = $fields['status'] ?? 'publish';
		$this->post_password = $fields['password'] ?? '';
		$this->post_type     = $fields['type'] ?? 'post';
		$this->fields        = $fields;
	}
}
class WP_Error {
	public function get_error_code() {
		return 'http_request_failed';
	}
}

$posts = array();
foreach ( $scene['posts'] as $id => $fields ) {
	$posts[ $id ] = new WP_Post( $id, $fields );
}

function add_action( $name, $call, $priority = 10, $count = 1 ) {
	if ( ! is_callable( $call, true ) ) {
		throw new Exception( "$call" );
	}
	$GLOBALS['actions'][ $name ][] = array( $call, $count );
}
function do_action( $name, ...$args ) {
	foreach ( $GLOBALS['actions'][ $name ] ?? array() as list( $call, $count ) ) {
		$call( ...array_slice( $args, 0, $count ) );
	}
}
function apply_filters( $name, $value ) {
	return $value;
}
function get_post( $id ) {
	return $GLOBALS['posts'][ $id ] ?? null;
}
function setup_postdata( $post ) {
	$GLOBALS['current'] = $post;
}
function is_feed_now() {
	if ( ! $GLOBALS['wp_query']->is_feed || ! $GLOBALS['current'] || $GLOBALS['post'] !== $GLOBALS['current'] ) {
		throw new Exception( 'the feed\'s functions want the post set up, in a feed' );
	}
	return $GLOBALS['current']->fields;
}
function get_the_title_rss() {
	return is_feed_now()['title'];
}
function get_the_content_feed( $type ) {
	return is_feed_now()['content'];
}
function get_the_excerpt( $post ) {
	return is_feed_now()['excerpt'];
}
function get_the_author() {
	return is_feed_now()['author'];
}
function get_the_guid( $post ) {
	return $post->fields['guid'];
}
function get_permalink( $post ) {
	return 'trash' === $post->post_status ? $post->fields['link'] . '__trashed/' : $post->fields['link'];
}
function get_post_time( $format, $gmt, $post ) {
	return gmdate( $format, strtotime( $post->fields['published'] ) );
}
function get_post_modified_time( $format, $gmt, $post ) {
	return gmdate( $format, strtotime( $post->fields['modified'] ?? $post->fields['published'] ) );
}
function get_the_terms( $post, $taxonomy ) {
	$names = $post->fields[ 'category' === $taxonomy ? 'categories' : 'tags' ] ?? array();
	$terms = array();
	foreach ( $names as $number => $name ) {
		$terms[] = (object) array( 'name' => $name, 'term_id' => $number + 1 );
	}
	return $terms ? $terms : false;
}
function sanitize_term_field( $field, $value, $id, $taxonomy, $context ) {
	return 'rss' === $context ? htmlspecialchars( $value ) : $value;
}
function get_option( $name ) {
	return array( 'rss_use_excerpt' => $GLOBALS['scene']['excerpts'] ?? '0', 'blog_charset' => 'UTF-8' )[ $name ];
}
function get_post_thumbnail_id( $post ) {
	return isset( $post->fields['image'] ) ? 900 + $post->ID : 0;
}
function wp_get_attachment_image_src( $number, $size ) {
	$image = get_post( $number - 900 )->fields['image'];
	return array( $image['url'], $image['width'], $image['height'], false );
}
function wp_generate_uuid4() {
	$hex = bin2hex( random_bytes( 16 ) );
	return implode( '-', array( substr( $hex, 0, 8 ), substr( $hex, 8, 4 ), substr( $hex, 12, 4 ), substr( $hex, 16, 4 ), substr( $hex, 20 ) ) );
}
function wp_json_encode( $value, $flags ) {
	return json_encode( $value, $flags );
}
function wp_check_invalid_utf8( $text, $strip ) {
	return $strip ? iconv( 'utf-8', 'utf-8//IGNORE', $text ) : $text;
}
function wp_doing_cron() {
	return $GLOBALS['scene']['cron'] ?? false;
}
function wp_remote_post( $url, $args ) {
	$lines = array();
	foreach ( $args['headers'] as $name => $value ) {
		$lines[] = "$name: $value";
	}
	$context = stream_context_create(
		array(
			'http' => array(
				'method'          => 'POST',
				'header'          => implode( "\r\n", $lines ),
				'content'         => $args['body'],
				'timeout'         => $args['timeout'],
				'follow_location' => $args['redirection'],
				'ignore_errors'   => true,
			),
		)
	);
	$stream = @fopen( $url, 'r', false, $context );
	$status = $stream ? (int) explode( ' ', $http_response_header[0] )[1] : 0;
	$note   = json_decode( $args['body'], true );
	$GLOBALS['requests'][] = array( 'event' => $note['event'], 'id' => $note['post']['id'], 'status' => $status );
	return $stream ? array( 'status' => $status ) : new WP_Error();
}
function wp_remote_retrieve_response_code( $answer ) {
	return $answer['status'];
}
function is_wp_error( $answer ) {
	return $answer instanceof WP_Error;
}
function wp_schedule_single_event( $at, $name, $args ) {
	$GLOBALS['scheduled'][] = array( 'in' => $at - time(), 'name' => $name, 'args' => $args );
}
function get_transient( $name ) {
	return $GLOBALS['transients'][ $name ] ?? false;
}
function set_transient( $name, $value, $seconds ) {
	$GLOBALS['transients'][ $name ] = $value;
}
function delete_transient( $name ) {
	unset( $GLOBALS['transients'][ $name ] );
}
function current_user_can( $what ) {
	return 'manage_options' === $what;
}
function esc_html( $text ) {
	return htmlspecialchars( $text, ENT_QUOTES );
}

if ( '' !== $scene['url'] ) {
	define( 'AJIL_HOOK_URL', $scene['url'] );
	define( 'AJIL_HOOK_SECRET', $scene['secret'] );
}
require $argv[1];

ob_start();
foreach ( $scene['steps'] as $step ) {
	$post = get_post( $step['id'] ?? 0 );
	switch ( $step['do'] ) {
		case 'status':
			$post->post_status = $step['status'];
			break;
		case 'transition':
			$post->post_status = $step['to'];
			do_action( 'transition_post_status', $step['to'], $step['from'], $post );
			break;
		case 'after':
			do_action( 'wp_after_insert_post', $post->ID, $post, true, null );
			break;
		case 'delete':
			do_action( 'before_delete_post', $post->ID, $post );
			unset( $posts[ $step['id'] ] );
			break;
		case 'shutdown':
			do_action( 'shutdown' );
			break;
		case 'retry':
			$event = array_shift( $scheduled );
			do_action( $event['name'], ...$event['args'] );
			break;
		case 'notices':
			do_action( 'admin_notices' );
			break;
	}
}
$shown = ob_get_clean();
echo json_encode( array( 'requests' => $requests, 'scheduled' => $scheduled, 'shown' => $shown, 'fault' => get_transient( 'ajil_push_fault' ) ) );
